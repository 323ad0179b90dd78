import type { Notice } from "../notify/contract.ts";
import type { Dropping, Planned, ReprotectBegun, Reprotected } from "./reprotect-case.ts";
import type { ReprotectRequest } from "./reprotect-contract.ts";

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
  { request, execution, roles, seat, model, inherited, owed, writtenAt }: Reprotected,
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "reprotect-done",
  lines: [
    `${seat.database} in ${seat.region} stands by for ${roles.primary.database}: it showed a row written at ${writtenAt}.`,
    `Epoch ${roles.epoch}: ${roles.owner} watches and recovers ${request.instance} from now on.`,
    ...(inherited
      ? []
      : [
          `The old primary ${model.database} in ${model.region} stays in quarantine until somebody retires it:`,
          `npx sla retire ${request.instance} --reason '…'`,
          `Back to ${seat.region} without a lost row, whenever it suits:`,
          `npx sla failover ${request.instance} --planned --reason '…'`,
        ]),
    ...(owed.length > 0 ? [`Ledgers still to be told: ${owed.join(", ")}.`] : []),
  ],
});

export const reprotectHaltedNotice = (
  begun: ReprotectBegun,
  found: { readonly code: string; readonly message: string },
  next: string,
  at: string,
): Notice => ({
  ...of(begun.request, begun.execution, at),
  // Once a day where the watch begins it every hour.
  ...(isSpared(begun) && { occasion: found.code }),
  kind: "reprotect-halted",
  lines: [
    ...(isSpared(begun)
      ? [
          `The standby was not given up: ${found.code}: ${found.message}`,
          `Nothing of ${begun.request.instance} has changed; its log goes on filling the storage of its primary.`,
        ]
      : [
          `No new standby was built: ${found.code}: ${found.message}`,
          `Nothing stands by for ${begun.request.instance}; it serves, and nothing of it has changed.`,
        ]),
    "When the cause is gone, this goes on:",
    next,
    "Runbook: docs/runbook.md#reprotect-failed",
  ],
});

/** A drop that ended before the roles were changed. */
export const isSpared = ({ request, dropping }: Pick<ReprotectBegun, "request" | "dropping">) =>
  request.drop !== undefined && dropping?.roles === undefined;

export const standbyDroppedNotice = (
  { request, execution }: ReprotectBegun,
  { seat, before: { primary }, found }: Dropping,
  { keeps, free }: { readonly keeps: string; readonly free: number },
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "standby-dropped",
  lines: [
    `${seat.database} in ${seat.region} was given up and deleted: ${found}. Reason: ${request.reason}.`,
    `${primary.database} in ${primary.region} serves and ${keeps}: ${free} % of its storage are free at most.`,
    "Nothing stands by until a new one streams: no failover can save it, and no RPO of a standby holds meanwhile.",
    "A new standby is being built by itself; a mail follows when it streams.",
    "Progress: npx sla status",
  ],
});

const of = ({ instance, incident, within }: ReprotectRequest, execution: string, at: string) => ({
  instance,
  incident,
  ...(within !== undefined && { within }),
  occasion: execution.slice(execution.lastIndexOf(":") + 1),
  at,
});
