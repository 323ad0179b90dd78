import type { Plan } from "../plan.ts";
import type { Span } from "./month.ts";
import { endOf, type Window } from "./window.ts";

/** Why a window takes no minute out of an instance's month. */
export type Uncounted =
  | "cancelled"
  /** The plan does not leave such maintenance out. */
  | "not-sold"
  | "announced-too-late"
  | "no-whole-minute";

export type WindowCounts =
  | { readonly counts: true; readonly span: Span }
  | { readonly counts: false; readonly because: Uncounted };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * What of a window is maintenance by a plan, in whole minutes that lie inside it. Planned: all of it or, announced later than the plan
 * says, nothing. Emergency: from its announcement on; told when it was over, nothing. What lasts longer than was announced is no part of it.
 */
export function windowCounts(window: Window, plan: Plan): WindowCounts {
  const toMs = endOf(window);
  if (toMs <= window.fromMs) return not("cancelled");
  const { kind } = window.record;
  if (!plan.availability?.exclusions.includes(`${kind}-maintenance`)) return not("not-sold");
  if (kind === "planned" && window.announcedMs > latestNotice(window, plan)) {
    return not("announced-too-late");
  }
  if (window.announcedMs >= toMs) return not("announced-too-late");
  const span = wholeMinutes({ fromMs: Math.max(window.fromMs, window.announcedMs), toMs });
  return span ? { counts: true, span } : not("no-whole-minute");
}

const not = (because: Uncounted): WindowCounts => ({ counts: false, because });

/** The last instant (ms) at which a planned window is announced in time; where no notice is sold, before it begins. */
export function latestNotice({ fromMs }: Pick<Span, "fromMs">, { maintenance }: Plan): number {
  const { noticeHours } = maintenance ?? {};
  return noticeHours === undefined ? fromMs - 1 : fromMs - noticeHours * HOUR_MS;
}

/** The minutes of the clock that lie inside a span; undefined if none does. */
export function wholeMinutes({ fromMs, toMs }: Span): Span | undefined {
  const inside = {
    fromMs: Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS,
    toMs: Math.floor(toMs / MINUTE_MS) * MINUTE_MS,
  };
  return inside.fromMs < inside.toMs ? inside : undefined;
}
