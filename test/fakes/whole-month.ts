import type { Shelf } from "../../functions/report/answering.ts";
import { type InstanceRecord, recordedMonths } from "../../lib/books/month-record.ts";
import { type InstanceMonth, type OwnMonth, settledMonths } from "../../lib/books/month-report.ts";
import { FleetText } from "../../lib/books/month-report-json.ts";
import {
  type MonthFleet,
  type OpenMonth,
  openMonth,
  type ReportWish,
  withUnreadable,
} from "../../lib/books/open-month.ts";
import type { MonthEvidence } from "../../lib/books/seen-minutes.ts";
import { instanceLines, monthReportLines } from "../../lib/operator/month-report-lines.ts";

export interface WholeMonth<T extends InstanceMonth = InstanceMonth> {
  readonly open: OpenMonth;
  readonly instances: readonly T[];
  readonly evidence: MonthEvidence;
}

/** All months of a small fleet at once, for a test's eyes. */
export async function monthReport(
  wish: ReportWish,
  fleet: MonthFleet,
  shelves: readonly Shelf[],
): Promise<WholeMonth> {
  const open = await openMonth(wish, fleet, shelves);
  return whole(open, await Array.fromAsync(settledMonths(open)));
}

/** The same with all that ledgers tell of them. */
export async function monthRecord(
  wish: ReportWish,
  fleet: MonthFleet,
  shelves: readonly Shelf[],
): Promise<WholeMonth<InstanceRecord>> {
  const open = await openMonth(wish, fleet, shelves);
  return whole(open, await Array.fromAsync(recordedMonths(open)));
}

/** What `sla report --json` prints of it. */
export function wholeText({ open, instances, evidence }: WholeMonth<InstanceRecord>): string {
  const text = new FleetText(open);
  for (const each of instances) text.add(each);
  return [...text.parts(evidence)].join("");
}

/** What `sla report` prints of it. */
export const wholeLines = ({ open, instances, evidence }: WholeMonth): readonly string[] =>
  monthReportLines(
    open,
    instances.flatMap((each) => instanceLines(each, open)),
    evidence,
  );

function whole<T extends InstanceMonth>(
  open: OpenMonth,
  all: readonly OwnMonth<T>[],
): WholeMonth<T> {
  const tickets = all.flatMap(({ unreadableTickets }) => unreadableTickets);
  const instances = all.map(({ settled }) => settled);
  return { open, instances, evidence: withUnreadable(open.evidence, tickets) };
}
