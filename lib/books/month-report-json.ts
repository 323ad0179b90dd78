import { PackedText } from "../../functions/kernel/packed-text.ts";
import type { Credit } from "../sla/books/credits.ts";
import type { Eligible } from "../sla/books/eligibility.ts";
import { decimalOf } from "../sla/books/money.ts";
import type { JudgedAnnotation, JudgedWindow } from "./month-counts.ts";
import type { InstanceRecord, MonthRecord } from "./month-record.ts";
import type { InstanceFigures, InstanceMonth } from "./month-report.ts";
import type { OpenMonth } from "./open-month.ts";
import type { MonthEvidence } from "./seen-minutes.ts";

type Which = Pick<OpenMonth, "month" | "timezone">;

/** What `sla report --json` prints of one instance, without the end of the line. */
export const monthRecordText = (record: MonthRecord): string =>
  `${beginText(record)}${instanceText(record.settled)}${endText(record.evidence)}`;

/** What `sla report --json` prints, while its instances come one after the other. */
export class FleetText {
  readonly #packed = new PackedText();
  #separator = "";

  constructor(which: Which) {
    this.#packed.add(beginText(which));
  }

  add(settled: InstanceRecord): void {
    this.#packed.add(`${this.#separator}${instanceText(settled)}`);
    this.#separator = ",";
  }

  /** All of it, once all were added: more than should be held at once. */
  *parts(evidence: MonthEvidence): Generator<string> {
    yield* this.#packed.parts();
    yield endText(evidence);
  }
}

const beginText = ({ month, timezone }: Which) =>
  `${JSON.stringify({ month, timezone }).slice(0, -1)},"instances":[`;

const endText = (evidence: MonthEvidence) => `],"evidence":${JSON.stringify(evidence)}}`;

const instanceText = (each: InstanceRecord) =>
  JSON.stringify({ ...monthJson(each), ...recordJson(each) });

/** What JSON and tables have of an instance. */
export const figuresJson = (each: InstanceFigures) => ({
  ...{ instance: each.instance, plan: each.plan, timezone: each.timezone },
  minutes: each.minutes,
  ...{ availability: each.availability, objective: each.objective, held: each.held },
  ...{ provable: each.provable, longestOutageMinutes: each.longestOutageMinutes },
  errorBudgetMinutes: each.errorBudgetMinutes,
  credit: creditJson(each.credit),
  ...(each.eligibility && { eligibility: eligibilityJson(each.eligibility) }),
  withoutExclusions: withoutExclusionsJson(each.withoutExclusions),
});

/** The figures are those of `sla month`. */
export const monthJson = (each: InstanceMonth) => ({
  ...figuresJson(each),
  service: { from: iso(each.span.fromMs), to: iso(each.span.toMs) },
  windows: each.windows.map(windowJson),
  annotations: each.annotations.map(annotationJson),
  ...(each.tls && { tls: each.tls }),
  ...(each.support && { support: each.support }),
});

const recordJson = (each: InstanceRecord) => ({
  outages: each.outages.map(({ fromMs, toMs, minutes }) => ({
    ...{ from: iso(fromMs), to: iso(toMs), minutes },
  })),
  ...{ promises: each.promises, incidents: each.incidents, failovers: each.failovers },
  restoreTests: each.restoreTests,
  ...(sellsImageTests(each) && { imageTests: each.imageTests }),
  ...{ gameDays: each.gameDays, backups: each.backups },
  unreadable: each.unreadable,
});

/** Whoever was never sold any reads nothing of them. */
export const sellsImageTests = ({ promises }: Pick<InstanceRecord, "promises">): boolean =>
  promises.some(({ promise }) => promise === "imageTests");

const withoutExclusionsJson = (figures: InstanceFigures["withoutExclusions"]) => ({
  ...{ minutes: figures.minutes, availability: figures.availability, held: figures.held },
  ...{ provable: figures.provable, longestOutageMinutes: figures.longestOutageMinutes },
  errorBudgetMinutes: figures.errorBudgetMinutes,
});

const iso = (ms: number) => new Date(ms).toISOString();

/** What counted, or null and why not. */
export const verdictJson = (verdict: JudgedWindow["verdict"] | JudgedAnnotation["verdict"]) =>
  verdict.counts
    ? { counted: { from: iso(verdict.span.fromMs), to: iso(verdict.span.toMs) }, because: null }
    : { counted: null, because: verdict.because };

const windowJson = ({ window, verdict }: JudgedWindow) => ({
  ...{ window: window.record.window, kind: window.record.kind },
  ...{ from: iso(window.fromMs), to: iso(window.toMs), announced: iso(window.announcedMs) },
  stated: window.record.announcedAt,
  cancelled: window.cancelledMs === undefined ? null : iso(window.cancelledMs),
  ...{ reason: window.record.reason, by: window.record.by },
  ...verdictJson(verdict),
});

const annotationJson = ({ annotation, verdict }: JudgedAnnotation) => ({
  ...{ incident: annotation.incident, cause: annotation.cause, reason: annotation.reason },
  ...{ by: annotation.by, at: annotation.at },
  ...verdictJson(verdict),
});

const eligibilityJson = ({ eligible, because, toCheck }: Eligible) => ({
  eligible,
  because: because.map(({ atMs, ...unmet }) => ({ ...unmet, at: iso(atMs) })),
  toCheck,
});

const creditJson = (credit: Credit | undefined) =>
  credit
    ? {
        percent: credit.percent,
        amount: credit.amount ? decimalOf(credit.amount) : null,
        currency: credit.amount?.currency ?? null,
        claimBefore: new Date(credit.claimBeforeMs).toISOString(),
      }
    : null;
