import type { Approval } from "../approval/contract.ts";
import type { Notice } from "../notify/contract.ts";

/** The question as a mail. Links are not in here: `notify` makes them for each who is asked. */
export const approvalNotice = ({
  instance,
  incident,
  failover,
  askedAt,
  until,
  otherwise,
  found,
}: Approval): Notice => ({
  kind: "approval-wanted",
  instance,
  incident,
  occasion: failover,
  at: askedAt,
  lines: [
    ...found,
    "Nothing has been touched. A person has to approve the failover before it goes on.",
    otherwise === "failover"
      ? `Without an answer it goes on by itself at ${until}, to keep the promised recovery time.`
      : `Without an answer it stops at ${until} and the instance stays down.`,
    "To decide, with the provider's credentials:",
    `npx sla approve ${instance} --reason 'why'`,
    `npx sla approve ${instance} --refuse --reason 'why not'`,
  ],
});
