import type { MonthRecord } from "../books/month-record.ts";
import { planOf, type ReportWish } from "../books/month-report.ts";
import { monthRecordText } from "../books/month-report-json.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { type Language, languageOf } from "../sla/language.ts";
import { notMeasured } from "../sla/promises-kept.ts";
import { fleetPage } from "./fleet-page.ts";
import { instancePage } from "./instance-page.ts";
import { speakerOf } from "./speaker.ts";

/** How pages are made of a settled month. */
export interface PagesWish extends Pick<ReportWish, "span" | "timezone" | "instances" | "now"> {
  /** Of the JSON that each page names; in hexadecimal. */
  readonly sha256: (text: string) => string;
  /** Of all of them; absent: the fleet says. */
  readonly language?: Language;
  /** As they were asked for, ISO 8601. */
  readonly began?: string;
  readonly ended?: string;
}

export interface ReportPage {
  /** Absent: of the whole fleet. */
  readonly instance?: Instance;
  readonly page: string;
}

/**
 * A page of each instance that was settled, and then one of all of them. One after the other: of a large fleet they are
 * more than should be held at once.
 */
export function* reportPages(
  record: MonthRecord,
  wish: PagesWish,
  fleet: Fleet,
): Generator<ReportPage> {
  const { span, timezone, instances, now } = wish;
  const nowMs = now();
  const isOver = span.toMs <= nowMs;
  const provider = fleet.provider.name;
  const frame = { ...record, provider, span, ...(!isOver && { asOfMs: nowMs }) };
  const speak = (instance?: Instance) =>
    speakerOf(wish.language ?? languageOf(fleet.provider, instance), timezone, span);
  for (const instance of instances) {
    const settled = record.instances.find((each) => each.instance === instance.id);
    if (!settled) continue;
    const own = recordOf(record, instance.id);
    const proof = proofOf(own, wish, instance.id);
    const unmeasured = notMeasured(planOf(instance, fleet));
    const shown = { ...frame, ...own, settled, unmeasured, proof };
    yield { instance, page: instancePage(shown, speak(instance)) };
  }
  yield { page: fleetPage({ ...frame, proof: proofOf(record, wish) }, speak()) };
}

/** A month of one of many: what is said of the others is no business of its customer. */
export const recordOf = (record: MonthRecord, id: string): MonthRecord => ({
  ...record,
  instances: record.instances.filter(({ instance }) => instance === id),
  evidence: {
    ...record.evidence,
    unreadable: record.evidence.unreadable.filter(
      (key) => OF_ALL.test(key) || key.split("/")[1] === id,
    ),
  },
});

/** Keys that name no instance. */
const OF_ALL = /^(rounds|maintenance)\//;

/** Of what the command prints, the end of its line included. */
const proofOf = (record: MonthRecord, wish: PagesWish, id?: string) => ({
  command: commandOf(record, wish, id),
  sha256: wish.sha256(`${monthRecordText(record)}\n`),
});

function commandOf({ month }: MonthRecord, { began, ended }: PagesWish, id?: string): string {
  const parts = [
    ...[`sla report --month ${month}`],
    ...(id === undefined ? [] : [`--instance ${id}`]),
    ...(began === undefined ? [] : [`--began ${began}`]),
    ...(ended === undefined ? [] : [`--ended ${ended}`]),
  ];
  return `${parts.join(" ")} --json | sha256sum`;
}
