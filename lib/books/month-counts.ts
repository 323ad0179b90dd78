import { type AnnotationCounts, annotationCounts, standing } from "../sla/books/annotation.ts";
import { borneOut } from "../sla/books/borne-out.ts";
import { countedIntervals } from "../sla/books/counted.ts";
import type { Interval } from "../sla/books/minute-sheet.ts";
import type { Span } from "../sla/books/month.ts";
import { endOf, type Window } from "../sla/books/window.ts";
import { type WindowCounts, windowCounts } from "../sla/books/window-counts.ts";
import type { Plan } from "../sla/plan.ts";
import type { Annotated, Claims } from "./month-claims.ts";

export interface JudgedWindow {
  readonly window: Window;
  readonly verdict: WindowCounts;
}

export interface JudgedAnnotation {
  readonly annotation: Annotated;
  readonly verdict: AnnotationCounts;
}

/** A month of one instance with all that may be left out of it, and with maintenance alone. */
export interface CountedMonth {
  readonly intervals: readonly Interval[];
  readonly withoutExclusions: readonly Interval[];
  readonly windows: readonly JudgedWindow[];
  readonly annotations: readonly JudgedAnnotation[];
}

/** What was seen of a span, and which claims its plan lets stand. */
export function countedMonth(
  seen: readonly Interval[],
  claims: Claims,
  { instance, plan, span }: { readonly instance: string; readonly plan: Plan; readonly span: Span },
): CountedMonth {
  const windows = claims.windows
    .filter((window) => window.record.instances.includes(instance) && touches(span, window))
    .toSorted((a, b) => a.fromMs - b.fromMs || (a.record.window < b.record.window ? -1 : 1))
    .map((window) => ({ window, verdict: windowCounts(window, plan) }));
  const all = claims.annotated.get(instance) ?? [];
  const valid = new Set<unknown>(standing(all));
  const annotations = all
    .filter((each) => each.span === undefined || touches(span, each.span))
    .toSorted((a, b) => (`${a.incident} ${a.at}` < `${b.incident} ${b.at}` ? -1 : 1))
    .map((annotation) => ({ annotation, verdict: judged(annotation, valid, plan) }))
    .map((each) => ({ ...each, verdict: asSeen(each.verdict, seen, { span, watch: plan.watch }) }));
  const maintenance = spansOf(windows);
  return {
    intervals: countedIntervals(seen, { maintenance, excluded: spansOf(annotations) }),
    withoutExclusions: countedIntervals(seen, { maintenance, excluded: [] }),
    ...{ windows, annotations },
  };
}

function judged(each: Annotated, valid: ReadonlySet<unknown>, plan: Plan): AnnotationCounts {
  if (each.overtaken || !valid.has(each)) return { counts: false, because: "superseded" };
  return annotationCounts(each, each.span, plan);
}

/** Nobody seals an incident's record: what the rounds show to have been over is not left out. */
function asSeen(
  verdict: AnnotationCounts,
  seen: readonly Interval[],
  of: Parameters<typeof borneOut>[2],
): AnnotationCounts {
  if (!verdict.counts) return verdict;
  const span = borneOut(verdict.span, seen, of);
  return span ? { counts: true, span } : { counts: false, because: "no-whole-minute" };
}

const spansOf = (
  all: readonly { readonly verdict: WindowCounts | AnnotationCounts }[],
): readonly Span[] => all.flatMap(({ verdict }) => (verdict.counts ? verdict.span : []));

/** An incident that is open has no end yet. */
const touches = (
  span: Span,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs?: number },
) => fromMs < span.toMs && (toMs ?? Number.POSITIVE_INFINITY) > span.fromMs;

/** When a window was, as it is told: what was cancelled before it began, as it was announced. */
export const shownEnd = (window: Window): number =>
  endOf(window) <= window.fromMs ? window.toMs : endOf(window);
