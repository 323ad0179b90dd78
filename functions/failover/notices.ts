import type { Notice } from "../notify/contract.ts";
import type { Begun, RolesWithStandby, Shown } from "./case.ts";
import type { FailoverRequest } from "./contract.ts";
import type { Measured } from "./measure.ts";
import { staysIn } from "./members.ts";
import type { NextCommand } from "./next-command.ts";

/** What happened, what it means, what to do next: the words of the three mails of a failover. */
export const startedNotice = (
  { request, execution }: Begun,
  { primary, standby }: RolesWithStandby,
  at: string,
  asks: boolean,
): Notice => {
  const successor = staysIn({ primary, standby })
    ? "Another member of its cluster"
    : `The standby ${standby.database} in ${standby.region}`;
  return {
    ...of(request, execution, at),
    kind: "failover-started",
    lines: [
      request.trigger === "person"
        ? `A person moves ${request.instance} away from ${primary.database} in ${primary.region}: ${request.reason}.`
        : `The primary ${primary.database} in ${primary.region} is down since ${request.firstBadAt}: ${request.reason}.`,
      ...(asks
        ? [
            `${successor} can take over. Nothing is touched before a person approves: a mail asks, once it is known what would be lost.`,
          ]
        : [
            `${successor} takes over; writes fail until it has.`,
            "Nothing to do: a mail follows when it is done or when it needs a person.",
          ]),
    ],
  };
};

export const doneNotice = (
  { request, execution, roles, before, fence, owed, flip }: Shown,
  measured: Measured,
  protection: string,
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "failover-done",
  lines: [
    staysIn(before)
      ? `Another member of ${roles.primary.database} in ${roles.primary.region} writes since ${roles.since} (epoch ${roles.epoch}).`
      : `${roles.primary.database} in ${roles.primary.region} is the primary since ${roles.since} (epoch ${roles.epoch}).`,
    costOf(measured),
    staysIn(before)
      ? "Its names have not changed. RDS makes the member that wrote before a follower once it runs: sla check --live says how many there are."
      : `Nothing stands by now: redundancy is degraded until a new standby streams. ${protection}`,
    ...(fence.kind === "debt"
      ? [`The old primary is not fenced yet (${fence.because}): keep it away from clients.`]
      : []),
    ...(fence.kind === "quarantined" && fence.unsevered
      ? [
          "The old primary is in quarantine and does not answer: sessions that were open are ended when it comes back.",
        ]
      : []),
    ...(flip.flag !== undefined
      ? [
          "Route 53's API did not answer: a STOP flag leads clients over, the DNS records still name the old primary.",
          `They are written as soon as it answers, and the flag ${flip.flag} is lowered after that: a mail says so. Leave the flag alone.`,
        ]
      : []),
    ...(owed.length > 0 ? [`Ledgers still to be told: ${owed.join(", ")}.`] : []),
  ],
});

function costOf(measured: Measured): string {
  const { rtoSeconds, rpoSeconds, rpoProvisional, rpoMeasuredAt, rpoBySwitchover } = measured;
  const { rpoByCluster } = measured;
  if (rpoMeasuredAt !== undefined) {
    return `Writes were held for ${rtoSeconds.toFixed(1)} s; none is lost: the standby had replayed ${rpoMeasuredAt}, where the old primary stopped.`;
  }
  if (rpoBySwitchover) {
    return `Writes were held for ${rtoSeconds.toFixed(1)} s; none is lost, as RDS has it: a switchover moves the writer only when the other side has all.`;
  }
  if (rpoByCluster && rpoSeconds === 0) {
    return `Down for ${rtoSeconds.toFixed(1)} s; nothing that was acknowledged is lost, as RDS has it, and no heartbeat that was seen before was missing.`;
  }
  const lost = `at most ${rpoSeconds?.toFixed(1) ?? "an unknown number of"} s of writes are lost`;
  const until = rpoProvisional ? ", provisionally: the old primary may still take some" : "";
  return `Down for ${rtoSeconds.toFixed(1)} s from the first bad round; ${lost}${until}.`;
}

export const haltedNotice = (
  { request, execution }: Begun,
  found: {
    readonly code: string;
    readonly message: string;
    readonly loss: string;
    readonly fence: readonly string[];
  },
  next: NextCommand,
  at: string,
): Notice => ({
  ...of(request, execution, at),
  kind: "failover-halted",
  lines: [
    `The failover stopped: ${found.code}: ${found.message}`,
    ...found.fence,
    found.loss,
    next.why,
    next.command,
    "Runbook: docs/runbook.md#failover-halted",
  ],
});

/** A person may go on with a failover that halted: what that comes to is news. */
const of = ({ instance, incident, within }: FailoverRequest, execution: string, at: string) => ({
  instance,
  incident,
  ...(within !== undefined && { within }),
  occasion: execution.slice(execution.lastIndexOf(":") + 1),
  at,
});
