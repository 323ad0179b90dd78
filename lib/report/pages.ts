import type { InstanceRecord, MonthRecord } from "../books/month-record.ts";
import { planOf, type ReportWish } from "../books/month-report.ts";
import { monthRecordText } from "../books/month-report-json.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { type Language, languageOf } from "../sla/language.ts";
import { notMeasured } from "../sla/promises-kept.ts";
import { fleetPage } from "./fleet-page.ts";
import { instancePage } from "./instance-page.ts";
import { speakersOf } from "./speaker.ts";

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
  /** What `--json` prints of the same; the page names its SHA-256. */
  readonly json: string;
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
  const speakers = speakersOf(timezone, span);
  const speak = (instance?: Instance) =>
    speakers(wish.language ?? languageOf(fleet.provider, instance));
  const months = new Map(record.instances.map((each) => [each.instance, each]));
  for (const instance of instances) {
    const settled = months.get(instance.id);
    if (!settled) continue;
    const own = recordOf(record, settled);
    const json = `${monthRecordText(own)}\n`;
    const proof = { command: commandOf(record, wish, instance.id), sha256: wish.sha256(json) };
    const unmeasured = notMeasured(planOf(instance, fleet));
    const shown = { ...frame, ...own, settled, unmeasured, proof };
    yield { instance, page: instancePage(shown, speak(instance)), json };
  }
  const json = `${monthRecordText(record)}\n`;
  const proof = { command: commandOf(record, wish), sha256: wish.sha256(json) };
  yield { page: fleetPage({ ...frame, proof }, speak()), json };
}

/** A month of one of many: what is said of the others is no business of its customer. */
export const recordOf = (record: MonthRecord, settled: InstanceRecord): MonthRecord => ({
  ...record,
  instances: [settled],
  evidence: {
    ...record.evidence,
    unreadable: record.evidence.unreadable.filter(
      (key) => OF_ALL.test(key) || key.split("/")[1] === settled.instance,
    ),
  },
});

/** Keys that name no instance. */
const OF_ALL = /^(rounds|maintenance)\//;

function commandOf({ month }: MonthRecord, { began, ended }: PagesWish, id?: string): string {
  const parts = [
    ...[`sla report --month ${month}`],
    ...(id === undefined ? [] : [`--instance ${id}`]),
    ...(began === undefined ? [] : [`--began ${began}`]),
    ...(ended === undefined ? [] : [`--ended ${ended}`]),
  ];
  return `${parts.join(" ")} --json | sha256sum`;
}
