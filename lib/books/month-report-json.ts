import type { Credit } from "../sla/books/credits.ts";
import { decimalOf } from "../sla/books/money.ts";
import type { JudgedAnnotation, JudgedWindow } from "./month-counts.ts";
import type { InstanceRecord, MonthRecord } from "./month-record.ts";
import type { InstanceMonth, MonthReport } from "./month-report.ts";

/** What `sla report --json` prints, without the end of the line. */
export const monthRecordText = (record: MonthRecord): string =>
  JSON.stringify({
    ...{ month: record.month, timezone: record.timezone },
    instances: record.instances.map((each) => ({ ...figuresJson(each), ...recordJson(each) })),
    evidence: record.evidence,
  });

/** The same without what only JSON and pages have. */
export const monthReportJson = ({ month, timezone, instances, evidence }: MonthReport) => ({
  ...{ month, timezone },
  instances: instances.map(figuresJson),
  evidence,
});

/** The figures of an instance are those of `sla month`. */
const figuresJson = (each: InstanceMonth) => ({
  ...{ instance: each.instance, plan: each.plan, minutes: each.minutes },
  ...{ availability: each.availability, objective: each.objective, held: each.held },
  ...{ provable: each.provable, longestOutageMinutes: each.longestOutageMinutes },
  errorBudgetMinutes: each.errorBudgetMinutes,
  credit: creditJson(each.credit),
  withoutExclusions: withoutExclusionsJson(each.withoutExclusions),
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
  ...{ restoreTests: each.restoreTests, backups: each.backups, unreadable: each.unreadable },
});

const withoutExclusionsJson = (figures: InstanceMonth["withoutExclusions"]) => ({
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

const creditJson = (credit: Credit | undefined) =>
  credit
    ? {
        percent: credit.percent,
        amount: credit.amount ? decimalOf(credit.amount) : null,
        currency: credit.amount?.currency ?? null,
        claimBefore: new Date(credit.claimBeforeMs).toISOString(),
      }
    : null;
