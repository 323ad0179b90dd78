import type { CloudEvent } from "../local-cloud/event-log.ts";

/** Calls by which the world changes hands, and mails that people act on. */
const TRANSITIONS = new Set([
  "states:StartExecution",
  "rds:ModifyDBInstance",
  "rds:RebootDBInstance",
  "rds:PromoteReadReplica",
  "route53:ChangeResourceRecordSets",
  "sns:Publish",
]);

/** What else than a watch may begin: who pays a debt of a failover fences or writes records, and says so. */
const PAYERS: Readonly<Record<string, ReadonlySet<string>>> = {
  "sla-debts": new Set(["rds:ModifyDBInstance", "rds:RebootDBInstance", "sns:Publish"]),
  "sla-records": new Set(["route53:ChangeResourceRecordSets", "sns:Publish"]),
};

export interface Causality {
  readonly transitions: readonly CloudEvent[];
  /** Those whose trace no firing of a watch schedule, or of those that pay debts, began. */
  readonly stray: readonly CloudEvent[];
}

/** Follows every transition after `since` back to the schedule that began its trace. */
export function traceTransitions(events: readonly CloudEvent[], since: number): Causality {
  const watched = rootsOf(events, (schedule) => /watch/.test(schedule));
  const paid = Object.entries(PAYERS).map(([payer, may]) => ({
    may,
    roots: rootsOf(events, (schedule) => schedule === payer),
  }));
  const transitions = events.filter((event) => event.at >= since && TRANSITIONS.has(nameOf(event)));
  const stray = transitions.filter((event) => {
    const root = rootOf(event.trace) ?? "";
    const isPaid = paid.some(({ roots, may }) => roots.has(root) && may.has(nameOf(event)));
    return !watched.has(root) && !isPaid;
  });
  return { transitions, stray };
}

const nameOf = ({ service, operation }: CloudEvent) => `${service}:${operation}`;

const rootsOf = (events: readonly CloudEvent[], isMeant: (schedule: string) => boolean) =>
  new Set(
    events
      .filter((event) => nameOf(event) === "scheduler:Fired")
      .filter(({ detail }) => isMeant(String(detail["schedule"])))
      .flatMap(({ trace }) => rootOf(trace) ?? []),
  );

/** `Root=1-67890abc-…;Parent=…` → `1-67890abc-…` */
const rootOf = (trace: string | undefined) => /Root=([^;]+)/.exec(trace ?? "")?.[1];
