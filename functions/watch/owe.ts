import type { WatchEvent } from "../../lib/sla/incident-state.ts";
import type { FailoverRequest } from "../failover/contract.ts";
import type { IncidentChange } from "./contract.ts";
import type { Judged } from "./judge.ts";
import { noticeOf } from "./notices.ts";
import type { Observation } from "./observe.ts";
import { lastSeenOf, type Owed } from "./shard-state.ts";
import { seatsOf } from "./subject.ts";

/** What the events of one judgement oblige us to do; ids are stable, so that owing twice is owing once. */
export function owedFor(
  { events }: Judged,
  seen: Observation,
  control: string,
  within?: string,
): Owed[] {
  return events.flatMap((event): Owed[] => {
    const change = changeOf(event, seen);
    const told = noticeOf(event, seen);
    const notice = told && within !== undefined ? { ...told, within } : told;
    const what = event.kind === "failover-withheld" ? `${event.kind}-${event.because}` : event.kind;
    const id = `${seen.subject.roles.instance}/${event.incident}/${what}`;
    return [
      ...(change
        ? [{ id: `${id}/record`, kind: "incident", change, sites: sitesOf(seen, control) } as const]
        : []),
      ...(notice ? [{ id: `${id}/notice`, kind: "notice", notice } as const] : []),
    ];
  });
}

/** The failover an event calls for. It is not owed: the next bad look calls for it again. */
export function failoverFor(
  { events, entry }: Judged,
  seen: Observation,
  within?: string,
): FailoverRequest[] {
  return events.flatMap((event): FailoverRequest[] => {
    if (event.kind !== "failover-due") return [];
    const { incident, epoch, at, firstBadAt, lastGoodAt } = event;
    const lastSeen = lastSeenOf(entry);
    return [
      {
        instance: seen.subject.roles.instance,
        incident,
        epoch,
        trigger: "watch",
        reason: `${seen.reason ?? "down"}; database ${seen.primary.kind}`,
        firstBadAt,
        ...(lastGoodAt !== undefined && { lastGoodAt }),
        decidedAt: at,
        ...(lastSeen && { lastSeen }),
        ...(within !== undefined && { within }),
      },
    ];
  });
}

function changeOf(event: WatchEvent, { subject }: Observation): IncidentChange | undefined {
  const { instance } = subject.roles;
  const { incident, at } = event;
  switch (event.kind) {
    case "incident-opened":
      return {
        instance,
        incident,
        firstBadAt: event.firstBadAt,
        ...(event.lastGoodAt !== undefined && { lastGoodAt: event.lastGoodAt }),
        openedAt: at,
      };
    case "incident-closed": {
      const { firstBadAt, firstGoodAt } = event;
      return { instance, incident, firstBadAt, firstGoodAt, closedAt: at };
    }
    default:
      return undefined;
  }
}

/** Its own ledger first: the others are for whoever owns the instance next. */
function sitesOf({ subject: { roles } }: Observation, control: string): string[] {
  const seats = seatsOf(roles).map(({ region }) => region);
  return [...new Set([roles.owner, ...seats, control])];
}
