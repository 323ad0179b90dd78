import { type InstanceRecord, recordOf } from "../books/month-record.ts";
import type { InstanceFigures, OwnMonth } from "../books/month-report.ts";
import { FleetText, monthRecordText } from "../books/month-report-json.ts";
import { type OpenMonth, planOf, withUnreadable } from "../books/open-month.ts";
import type { Span } from "../sla/books/month.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { type Language, languageOf } from "../sla/language.ts";
import { notMeasured } from "../sla/promises-kept.ts";
import { type FleetRow, fleetPage } from "./fleet-page.ts";
import { instancePage } from "./instance-page.ts";
import { speakersOf } from "./speaker.ts";

type Text = string | Iterable<string>;

/** How pages are made of a settled month. */
export interface PagesWish {
  /** Of the JSON that each page names; in hexadecimal. */
  readonly sha256: (text: Text) => string;
  /** Of all of them; absent: the fleet says. */
  readonly language?: Language;
  /** Some instances wait: there is no page of all yet. */
  readonly isPart?: boolean;
  /** As they were asked for, ISO 8601. */
  readonly began?: string;
  readonly ended?: string;
}

export interface ReportPage {
  /** Absent: of the whole fleet. */
  readonly instance?: Instance;
  readonly page: string;
  /** What `--json` prints of the same; the page names its SHA-256. Of the fleet its parts, made anew whenever they are asked for. */
  readonly json: Text;
  /** Whom it is about. */
  readonly figures: readonly InstanceFigures[];
}

/**
 * A page of each instance as it comes, and then one of all of them. Of those that were taken a row each is held, and the JSON of the
 * fleet packed.
 */
export async function* reportPages(
  open: OpenMonth,
  records: AsyncIterable<OwnMonth<InstanceRecord>>,
  wish: PagesWish,
  fleet: Fleet,
): AsyncGenerator<ReportPage> {
  const { span, timezone, nowMs } = open;
  const { month, evidence } = open;
  const provider = fleet.provider.name;
  const frame = { month, timezone, evidence, provider, ...frameOf(span, nowMs) };
  const speakers = speakersOf();
  const speak = (of: Pick<OpenMonth, "timezone" | "span">, instance?: Instance) =>
    speakers(wish.language ?? languageOf(fleet.provider, instance), of.timezone, of.span);
  const instances = new Map(open.instances.map(({ instance }) => [instance.id, instance]));
  const rows: FleetRow[] = [];
  const tickets: string[] = [];
  const all = new FleetText(open);
  for await (const each of records) {
    const { settled } = each;
    rows.push(rowOf(settled));
    tickets.push(...each.unreadableTickets);
    all.add(settled);
    const instance = instances.get(settled.instance);
    if (!instance) continue;
    const own = recordOf(open, each);
    const json = `${monthRecordText(own)}\n`;
    const proof = { command: commandOf(open, wish, instance.id), sha256: wish.sha256(json) };
    const unmeasured = notMeasured(planOf(instance, fleet));
    const page = instancePage(
      { ...frame, ...own, ...frameOf(settled.span, nowMs), unmeasured, proof },
      speak({ timezone: settled.timezone, span: settled.asked }, instance),
    );
    yield { instance, page, json, figures: rows.slice(-1) };
  }
  if (wish.isPart) return;
  const whole = withUnreadable(evidence, tickets);
  const json = { [Symbol.iterator]: () => lineOf(all.parts(whole)) };
  const proof = { command: commandOf(open, wish), sha256: wish.sha256(json) };
  const shown = { ...frame, evidence: whole, instances: rows, proof };
  yield { page: fleetPage(shown, speak(open)), json, figures: rows };
}

const frameOf = (span: Span, nowMs: number) => ({
  span,
  ...(span.toMs > nowMs && { asOfMs: nowMs }),
});

function* lineOf(parts: Iterable<string>): Generator<string> {
  yield* parts;
  yield "\n";
}

/** Written out, so that nothing else of it is held. */
const rowOf = (settled: InstanceRecord): FleetRow => ({
  ...{ instance: settled.instance, plan: settled.plan, timezone: settled.timezone },
  minutes: settled.minutes,
  ...{ availability: settled.availability, objective: settled.objective, held: settled.held },
  ...{ provable: settled.provable, longestOutageMinutes: settled.longestOutageMinutes },
  ...{ errorBudgetMinutes: settled.errorBudgetMinutes, credit: settled.credit },
  ...(settled.eligibility && { eligibility: settled.eligibility }),
  ...{ withoutExclusions: settled.withoutExclusions, unreadable: settled.unreadable },
});

function commandOf(
  { month }: Pick<OpenMonth, "month">,
  { began, ended }: PagesWish,
  id?: string,
): string {
  const parts = [
    ...[`sla report --month ${month}`],
    ...(id === undefined ? [] : [`--instance ${id}`]),
    ...(began === undefined ? [] : [`--began ${began}`]),
    ...(ended === undefined ? [] : [`--ended ${ended}`]),
  ];
  return `${parts.join(" ")} --json | sha256sum`;
}
