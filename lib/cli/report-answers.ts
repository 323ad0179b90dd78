import type { InstanceRecord } from "../books/month-record.ts";
import type { InstanceMonth, OwnMonth } from "../books/month-report.ts";
import { type OpenMonth, withUnreadable } from "../books/open-month.ts";

/** What `sla report` prints, while instances come one after the other: of each of them a few lines are held. */
export interface ReportAnswer<T extends InstanceMonth> {
  add(month: OwnMonth<T>): void;
  /** Once all were added; each with its end. */
  parts(): Iterable<string>;
}

/** For people. */
export async function answerInLines(open: OpenMonth): Promise<ReportAnswer<InstanceMonth>> {
  const { instanceLines, monthReportLines } = await import("../operator/month-report-lines.ts");
  const [lines, tickets]: [string[], string[]] = [[], []];
  return {
    add({ settled, unreadableTickets }) {
      lines.push(...instanceLines(settled, open));
      tickets.push(...unreadableTickets);
    },
    parts: () => ended(monthReportLines(open, lines, withUnreadable(open.evidence, tickets))),
  };
}

/** For spreadsheets. */
export async function answerInCsv(open: OpenMonth): Promise<ReportAnswer<InstanceMonth>> {
  const { monthReportCsv } = await import("../books/month-report-csv.ts");
  const rows: string[] = [];
  return {
    add: ({ settled }) => void rows.push(...monthReportCsv(open, [settled]).slice(1)),
    parts: () => ended([...monthReportCsv(open, []), ...rows]),
  };
}

/** For programs, who are told more. */
export async function answerInJson(open: OpenMonth): Promise<ReportAnswer<InstanceRecord>> {
  const { FleetText } = await import("../books/month-report-json.ts");
  const text = new FleetText(open);
  const tickets: string[] = [];
  return {
    add({ settled, unreadableTickets }) {
      text.add(settled);
      tickets.push(...unreadableTickets);
    },
    *parts() {
      yield* text.parts(withUnreadable(open.evidence, tickets));
      yield "\n";
    },
  };
}

/** All that an answer says of months that nobody else takes. */
export async function gathered<T extends InstanceMonth>(
  months: AsyncIterable<OwnMonth<T>>,
  answer: ReportAnswer<NoInfer<T>>,
): Promise<Iterable<string>> {
  for await (const each of months) answer.add(each);
  return answer.parts();
}

/** The same months, each added to an answer before it goes on to somebody else. */
export async function* told<T extends InstanceMonth>(
  months: AsyncIterable<OwnMonth<T>>,
  answer: ReportAnswer<NoInfer<T>>,
): AsyncGenerator<OwnMonth<T>> {
  for await (const each of months) {
    answer.add(each);
    yield each;
  }
}

const ended = (lines: readonly string[]) => lines.map((line) => `${line}\n`);
