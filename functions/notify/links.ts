import { type Approval, linkPath, type Seal } from "../approval/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ACK_LINK_HOURS, type AckSeal, ackPath, type Call } from "../oncall/contract.ts";
import { callIdOf } from "./calls.ts";
import type { Notice } from "./contract.ts";

/** Links to answer with, for one recipient of one notice; none for a notice that asks nothing. */
export interface Links {
  of(notice: Notice, recipient: string): Promise<readonly string[]>;
}

/**
 * Made only here, on their way into a mail: what is handed to `notify` is kept in queues when it fails, and
 * no secret may lie there. `url`: of the page; undefined where the region serves none.
 */
export const answerLinks = (ledger: Ledger, url: string | undefined, clock: Clock): Links => ({
  async of(notice, recipient) {
    if (url === undefined) return [];
    const lines = await Promise.all([
      approvalLines(ledger, url, notice, recipient),
      ackLines(ledger, url, notice, recipient, clock),
    ]);
    return lines.flat();
  },
});

async function approvalLines(
  ledger: Ledger,
  url: string,
  { kind, instance, occasion }: Notice,
  recipient: string,
): Promise<readonly string[]> {
  if (kind !== "approval-wanted" || occasion === undefined) return [];
  const [approval, seal] = await Promise.all([
    ledger.read<Approval>(keys.approval(instance, occasion)),
    ledger.read<Seal>(keys.seal(instance, occasion)),
  ]);
  const asked = approval?.value.asked.indexOf(recipient) ?? -1;
  if (!approval || !seal || asked < 0) return [];
  const link = (action: "approve" | "refuse") =>
    new URL(linkPath(seal.value, approval.value, action, asked), url).href;
  return [
    "Or by a link of your own. It opens a page that asks once more; do not pass it on:",
    `approve: ${link("approve")}`,
    `refuse: ${link("refuse")}`,
  ];
}

async function ackLines(
  ledger: Ledger,
  url: string,
  notice: Notice,
  recipient: string,
  clock: Clock,
): Promise<readonly string[]> {
  const { kind, instance } = notice;
  const id = kind === "person-called" ? notice.incident : callIdOf(notice);
  if (id === undefined) return [];
  const call = (await ledger.read<Call>(keys.call(instance, id)))?.value;
  const asked = call?.asked.indexOf(recipient) ?? -1;
  if (!call || call.over || asked < 0) return [];
  const seal = await ledger.read<AckSeal>(keys.ackSeal());
  if (!seal) return [];
  const until = Math.floor(clock.now().getTime() / 1000) + ACK_LINK_HOURS * 3600;
  const path = ackPath(seal.value.secret, { instance, id, asked, until }, recipient);
  return [
    "Take care of it by a link of your own, and nobody else is called. It opens a page that asks once more; do not pass it on:",
    `acknowledge: ${new URL(path, url).href}`,
  ];
}
