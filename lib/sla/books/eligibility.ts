import { Temporal } from "temporal-polyfill";
import type { Eligibility } from "../service-terms.ts";
import type { Span } from "./month.ts";

/** A condition that is not met, the instant by which that shows, in ms, and what of it was sold. */
export type Unmet =
  | {
      readonly condition: "trialDays" | "tenureMonths";
      readonly sold: number;
      readonly atMs: number;
    }
  | { readonly condition: "untilMonthEnd"; readonly atMs: number };

/** Whether who is owed a credit may claim it, as far as that can be computed. */
export interface Eligible {
  readonly eligible: boolean;
  /** Why not; empty where they may. */
  readonly because: readonly Unmet[];
  /** Conditions in words, which a person checks. */
  readonly toCheck: readonly string[];
}

export interface Service {
  /** Since when the instance was there, in ms; undefined: always. */
  readonly beganMs: number | undefined;
  /** The month, and what of it the instance was there. */
  readonly asked: Span;
  readonly span: Span;
  /** The end of the whole month, in ms. */
  readonly endMs: number;
  /** IANA name: days and months of these conditions are those of its clocks. */
  readonly timezone: string;
}

/**
 * What a plan's terms make of a month. In doubt who is owed the credit may claim it: a month of which anything lies after the trial is
 * no month of the trial, and who was always there has been there long enough.
 */
export function eligibleFor(terms: Eligibility, service: Service): Eligible {
  const because = [trial, tenure, stayed].flatMap((each) => each(terms, service) ?? []);
  return { eligible: because.length === 0, because, toCheck: terms.written ?? [] };
}

function trial({ trialDays: sold }: Eligibility, { beganMs, span, timezone }: Service) {
  if (sold === undefined || beganMs === undefined) return undefined;
  const atMs = after(beganMs, { days: sold }, timezone);
  return atMs < span.toMs ? undefined : ({ condition: "trialDays", sold, atMs } as const);
}

/** By the month's end. */
function tenure({ tenureMonths: sold }: Eligibility, { beganMs, endMs, timezone }: Service) {
  if (sold === undefined || beganMs === undefined) return undefined;
  const atMs = after(beganMs, { months: sold }, timezone);
  return atMs <= endMs ? undefined : ({ condition: "tenureMonths", sold, atMs } as const);
}

function stayed({ untilMonthEnd }: Eligibility, { asked, span }: Service) {
  if (!untilMonthEnd || span.toMs >= asked.toMs) return undefined;
  return { condition: "untilMonthEnd", atMs: span.toMs } as const;
}

const after = (ms: number, length: Temporal.DurationLike, timezone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone).add(length)
    .epochMilliseconds;
