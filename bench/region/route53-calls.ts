import type { CloudEvent } from "../../lib/local-cloud/event-log.ts";

/** Of one account, all operations together, and what it may have saved up when ten seconds begin. */
export const LIMIT_A_SECOND = 5 + 5 / 10;

export interface Calls {
  /** Those that were taken. */
  readonly total: number;
  readonly throttled: number;
  /** A second of plan time: in the busiest ten, because an account may save up one second's worth. */
  readonly aSecond: number;
  readonly perInstance: number;
}

const WINDOW_SECONDS = 10;
const CHANGES = new Set(["ChangeResourceRecordSets"]);

/** What was asked of Route 53 since then; `factor` seconds of plan time pass in a real one. */
export function callsOf(events: readonly CloudEvent[], from: number, factor: number): Calls {
  const calls = events.filter(
    ({ service, at, detail }) => service === "route53" && at >= from && "tookMs" in detail,
  );
  const taken = calls.filter(({ detail }) => detail["error"] === undefined);
  const windowMs = (WINDOW_SECONDS * 1000) / factor;
  const windows = Map.groupBy(taken, ({ at }) => Math.floor((at - from) / windowMs));
  const instances = taken.filter(({ operation }) => CHANGES.has(operation)).length;
  return {
    total: taken.length,
    throttled: calls.filter(({ detail }) => detail["error"] === "Throttling").length,
    aSecond: Math.max(0, ...[...windows.values()].map((each) => each.length)) / WINDOW_SECONDS,
    perInstance: instances === 0 ? 0 : calls.length / instances,
  };
}
