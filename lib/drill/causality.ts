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

export interface Causality {
  readonly transitions: readonly CloudEvent[];
  /** Those whose trace no firing of a watch schedule began. */
  readonly stray: readonly CloudEvent[];
}

/** Follows every transition after `since` back to the schedule that began its trace. */
export function traceTransitions(events: readonly CloudEvent[], since: number): Causality {
  const roots = new Set(
    events
      .filter(({ service, operation }) => service === "scheduler" && operation === "Fired")
      .filter(({ detail }) => /watch/.test(String(detail["schedule"])))
      .map(({ trace }) => rootOf(trace)),
  );
  roots.delete(undefined);
  const transitions = events.filter(
    ({ service, operation, at }) => at >= since && TRANSITIONS.has(`${service}:${operation}`),
  );
  return { transitions, stray: transitions.filter(({ trace }) => !roots.has(rootOf(trace))) };
}

/** `Root=1-67890abc-…;Parent=…` → `1-67890abc-…` */
const rootOf = (trace: string | undefined) => /Root=([^;]+)/.exec(trace ?? "")?.[1];
