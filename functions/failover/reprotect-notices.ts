import type { Notice } from "../notify/contract.ts";
import type { ReprotectRequest } from "./contract.ts";
import type { Planned, ReprotectBegun, Reprotected } from "./reprotect-case.ts";

/** The words of the mails of a reprotect. */
export const degradedNotice = (
  { request, execution, seat, before }: Planned,
  because: string,
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "redundancy-degraded",
  lines: [
    `Nothing stands by for ${before.primary.database} in ${before.primary.region} since ${before.since}.`,
    `A new standby in ${seat.region} cannot be built yet: ${because}.`,
    "It begins by itself as soon as that has passed; a mail follows when it streams.",
  ],
});

export const reprotectedNotice = (
  { request, execution, roles, seat, model, owed, writtenAt }: Reprotected,
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "reprotect-done",
  lines: [
    `${seat.database} in ${seat.region} stands by for ${roles.primary.database}: it showed a row written at ${writtenAt}.`,
    `Epoch ${roles.epoch}: ${roles.owner} watches and recovers ${request.instance} from now on.`,
    `The old primary ${model.database} in ${model.region} stays in quarantine until somebody retires it:`,
    `npx sla retire ${request.instance} --reason '…'`,
    `Back to ${seat.region} without a lost row, whenever it suits:`,
    `npx sla failover ${request.instance} --planned --reason '…'`,
    ...(owed.length > 0 ? [`Ledgers still to be told: ${owed.join(", ")}.`] : []),
  ],
});

export const reprotectHaltedNotice = (
  { request, execution }: ReprotectBegun,
  found: { readonly code: string; readonly message: string },
  next: string,
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "reprotect-halted",
  lines: [
    `No new standby was built: ${found.code}: ${found.message}`,
    `Nothing stands by for ${request.instance}; it serves, and nothing of it has changed.`,
    "When the cause is gone, this goes on:",
    next,
    "Runbook: docs/runbook.md#reprotect-failed",
  ],
});

const of = ({ instance, incident, within }: ReprotectRequest, execution: string, at: string) => ({
  instance,
  incident,
  ...(within !== undefined && { within }),
  occasion: execution.slice(execution.lastIndexOf(":") + 1),
  at,
});
