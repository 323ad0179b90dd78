import { aheadInLanes } from "../../functions/kernel/lanes.ts";
import type { Happenings } from "../sla/books/happenings.ts";
import { hoursOf } from "../sla/books/hours.ts";
import { type Outage, outagesOf } from "../sla/books/minute-runs.ts";
import type { PromiseKept } from "../sla/kept.ts";
import { promisesKept } from "../sla/promises-kept.ts";
import { daysOfRotation } from "../sla/rotation-kept.ts";
import { daysOfVersions } from "../sla/versions-kept.ts";
import type { DeedBook } from "./deed-book.ts";
import { deedsIn } from "./month-deeds.ts";
import { happeningsOf } from "./month-happenings.ts";
import { AHEAD, type InstanceMonth, type OwnMonth, settledMonth } from "./month-report.ts";
import { type OpenMonth, type SoldInstance, withUnreadable } from "./open-month.ts";
import type { MonthEvidence } from "./seen-minutes.ts";

/** A month of one instance with all that the ledgers tell of it. */
export interface InstanceRecord extends InstanceMonth, Happenings {
  readonly outages: readonly Outage[];
  readonly promises: readonly PromiseKept[];
}

/** The same as it is told: alone. */
export interface MonthRecord extends Pick<OpenMonth, "month" | "timezone"> {
  readonly settled: InstanceRecord;
  readonly evidence: MonthEvidence;
}

const DAY_MS = 86_400_000;

/**
 * A record of each instance's month, one after the other: what it is made of is held of a few instances at once, of all others a
 * few kilobytes. Rejects if a ledger does not answer.
 */
export async function* recordedMonths(open: OpenMonth): AsyncGenerator<OwnMonth<InstanceRecord>> {
  const { shelves, span, instances } = open;
  const daysBefore = Math.max(
    0,
    ...instances.flatMap(({ plan }) => [daysOfRotation(plan), daysOfVersions(plan)]),
  );
  const reach = { ...span, fromMs: span.fromMs - daysBefore * DAY_MS };
  const all = instances.map(({ instance }) => instance);
  const deeds = await deedsIn(shelves, reach, all);
  yield* aheadInLanes(AHEAD, instances, (sold) => recordedMonth(sold, open, deeds));
}

async function recordedMonth(
  sold: SoldInstance,
  open: OpenMonth,
  deeds: DeedBook,
): Promise<OwnMonth<InstanceRecord>> {
  const { shelves, nowMs, backupTimezone } = open;
  const { span } = sold;
  const { id } = sold.instance;
  const { settled: month, unreadableTickets } = await settledMonth(sold, open);
  const happened = await happeningsOf(shelves, span, { id, plan: sold.plan }, deeds.of(id));
  const hours = hoursOf(month.runs, backupTimezone);
  const past = { ...span, toMs: Math.min(span.toMs, nowMs) };
  const outages = outagesOf(month.runs);
  const judged = { ...month, happened, outages, hours, timezone: backupTimezone, span: past };
  const promises = promisesKept(sold.plan, judged);
  return { settled: { ...month, ...happened, outages, promises }, unreadableTickets };
}

/** One of many: what is said of the others is no business of its customer. */
export function recordOf(
  { month, evidenceOf }: Pick<OpenMonth, "month" | "evidenceOf">,
  { settled, unreadableTickets }: OwnMonth<InstanceRecord>,
): MonthRecord {
  const { timezone } = settled;
  const evidence = evidenceOf(settled.asked);
  const unreadable = evidence.unreadable.filter(
    (key) => OF_ALL.test(key) || ownerOf(key) === settled.instance,
  );
  const own = withUnreadable({ ...evidence, unreadable }, unreadableTickets);
  return { month, timezone, settled, evidence: own };
}

/** `tickets/acme/…`, `left/acme.json` → `acme` */
const ownerOf = (key: string) => key.split("/")[1]?.replace(/\.json$/, "");

/** Keys that name no instance. */
const OF_ALL = /^(rounds|maintenance)\//;
