import type { Shelf } from "../../functions/report/answering.ts";
import type { Happenings } from "../sla/books/happenings.ts";
import { hoursOf } from "../sla/books/hours.ts";
import { type Outage, outagesOf } from "../sla/books/minute-runs.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { PromiseKept } from "../sla/kept.ts";
import { promisesKept } from "../sla/promises-kept.ts";
import { daysOfRotation } from "../sla/rotation-kept.ts";
import { happeningsOf } from "./month-happenings.ts";
import { type InstanceMonth, type MonthReport, planOf, type ReportWish } from "./month-report.ts";
import type { MonthEvidence } from "./seen-minutes.ts";

/** A month with all that the ledgers tell of it. */
export interface MonthRecord extends MonthReport {
  readonly instances: readonly InstanceRecord[];
}

export interface InstanceRecord extends InstanceMonth, Happenings {
  readonly outages: readonly Outage[];
  readonly promises: readonly PromiseKept[];
}

/** Rejects if a ledger does not answer. */
export async function monthRecord(
  report: MonthReport,
  { span, timezone, instances, now }: ReportWish,
  fleet: Pick<Fleet, "plans">,
  shelves: readonly Shelf[],
): Promise<MonthRecord> {
  const past = { ...span, toMs: Math.min(span.toMs, now()) };
  const plans = new Map(instances.map((each) => [each.id, planOf(each, fleet)]));
  const daysBefore = Math.max(...[...plans.values()].map(daysOfRotation));
  const happenings = await happeningsOf(shelves, span, instances, daysBefore);
  return {
    ...report,
    evidence: inOrder(report.evidence),
    instances: report.instances.map((month) => {
      const [plan, happened] = [plans.get(month.instance), happenings.get(month.instance)];
      if (!plan || !happened) throw new RangeError(`${month.instance}: nobody asked for it`);
      const hours = hoursOf(month.runs, timezone);
      const judged = { ...month, happened, hours, timezone, span: past };
      const outages = outagesOf(month.runs);
      return { ...month, ...happened, outages, promises: promisesKept(plan, judged) };
    }),
  };
}

/** Whichever ledger was asked first. */
const inOrder = (evidence: MonthEvidence): MonthEvidence => ({
  ...evidence,
  unreadable: evidence.unreadable.toSorted(),
  misplaced: evidence.misplaced.toSorted(),
  fromTheFuture: evidence.fromTheFuture.toSorted(),
  seals: evidence.seals.toSorted((one, other) => (one.site < other.site ? -1 : 1)),
});
