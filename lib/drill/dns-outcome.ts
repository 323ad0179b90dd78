import type { Happening } from "./drill.ts";
import type { DnsOutcome } from "./result.ts";
import { resolveNames } from "./witness.ts";

/** Where DNS led before and after the failover, what moved it, and whether it moved others. */
export async function dnsOf(happening: Happening): Promise<DnsOutcome> {
  const { run, before, events, faultAt, repayment, wayBack, hit } = happening;
  // Records that are written afterwards moved nothing.
  const movedBy = repayment?.from ?? Number.POSITIVE_INFINITY;
  const after = wayBack?.dnsThere ?? (await resolveNames(run.stage));
  const { id } = run.victim;
  const byApi = events.some(
    ({ at, operation, trace }) =>
      at >= faultAt &&
      at < movedBy &&
      operation === "ChangeResourceRecordSets" &&
      trace !== undefined,
  );
  const byStop = events.some(
    ({ at, operation, detail }) =>
      at >= faultAt && operation === "HealthChanged" && detail["healthy"] === false,
  );
  const moved = [...before].filter(
    ([name, target]) => !hit.some((each) => each.id === name) && after.get(name) !== target,
  );
  const [from = "", to = ""] = [before.get(id), after.get(id)];
  return {
    before: from,
    after: to,
    flippedBy: from === to ? null : byApi ? "api" : byStop ? "stop" : null,
    neighboursMoved: moved.length,
    ...(repayment && { heldWhileRepaid: repayment.astray.length === 0 && repayment.answers > 0 }),
  };
}
