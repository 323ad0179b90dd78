import type { Plan } from "../plan.ts";
import type { Exclusion } from "../service-terms.ts";
import type { Span } from "./month.ts";
import { wholeMinutes } from "./window-counts.ts";

/** What somebody said of an incident afterwards; never changed, a later one stands in its stead. */
export interface AnnotationRecord {
  readonly instance: string;
  readonly incident: string;
  /** `none` takes back what was said before. */
  readonly cause: Cause | "none";
  readonly reason: string;
  /** ARN of whoever said it. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Maintenance is announced before, and no cause that is found afterwards. */
export type Cause = Exclude<Exclusion, "planned-maintenance" | "emergency-maintenance">;

/** The causes whose outages a plan leaves out. */
export const causesOf = ({ availability }: Plan): readonly Cause[] =>
  (availability?.exclusions ?? []).filter(
    (each): each is Cause => each !== "planned-maintenance" && each !== "emergency-maintenance",
  );

/** When an incident was, in ms; without an end it is still open. */
export interface IncidentSpan {
  readonly fromMs: number;
  readonly toMs?: number;
}

export type AnnotationCounts =
  | { readonly counts: true; readonly span: Span }
  | { readonly counts: false; readonly because: Disregarded };

export type Disregarded =
  /** A later annotation of the same incident. */
  | "superseded"
  | "withdrawn"
  /** The plan does not leave outages of that cause out. */
  | "not-sold"
  | "no-such-incident"
  | "still-open"
  | "no-whole-minute";

/** Which of the minutes of an incident an annotation leaves out, if they were down: whole ones that lie inside it. */
export function annotationCounts(
  { cause }: Pick<AnnotationRecord, "cause">,
  incident: IncidentSpan | undefined,
  plan: Plan,
): AnnotationCounts {
  if (cause === "none") return not("withdrawn");
  if (!causesOf(plan).includes(cause)) return not("not-sold");
  if (!incident) return not("no-such-incident");
  const { fromMs, toMs } = incident;
  if (toMs === undefined) return not("still-open");
  const span = wholeMinutes({ fromMs, toMs });
  return span ? { counts: true, span } : not("no-whole-minute");
}

const not = (because: Disregarded): AnnotationCounts => ({ counts: false, because });

/** Of each incident the newest annotation, whatever order they come in. */
export function standing(annotations: readonly AnnotationRecord[]): readonly AnnotationRecord[] {
  const newestFirst = annotations.toSorted((a, b) => (rankOf(a) < rankOf(b) ? 1 : -1));
  const seen = new Set<string>();
  return newestFirst.filter(({ instance, incident }) => {
    const key = `${instance}/${incident}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

/** Two of one millisecond have an order, too. */
const rankOf = (each: AnnotationRecord) =>
  `${new Date(each.at).toISOString()} ${each.cause} ${each.reason} ${each.by}`;

/** A record whoever reads it can rely on; undefined for anything else. */
export function readAnnotation(value: unknown): AnnotationRecord | undefined {
  const found = value as Partial<AnnotationRecord> | null;
  if (typeof found !== "object" || !found) return undefined;
  const { instance, incident, cause, reason, by, at } = found;
  const isWhole = [instance, incident, cause, reason, by, at].every(
    (part) => typeof part === "string",
  );
  return isWhole && !Number.isNaN(Date.parse(at ?? "")) ? (found as AnnotationRecord) : undefined;
}
