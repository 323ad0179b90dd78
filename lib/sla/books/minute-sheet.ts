import type { Span } from "./month.ts";

/**
 * What a minute can be, the first that touches it wins. What is announced before the fact stands above what is
 * argued after it, both above what was seen, and one bad look above all good ones.
 */
export const STATES = ["maintenance", "excluded", "down", "up", "unobserved"] as const;
export type MinuteState = (typeof STATES)[number];

export interface Interval extends Span {
  readonly state: MinuteState;
}

export interface Minute {
  /** What it counts as. */
  readonly state: MinuteState;
  /** What was seen of it, maintenance or not. */
  readonly seen: "up" | "down" | "unobserved";
}

const SEEN = ["down", "up"] as const;
const MINUTE_MS = 60_000;

/**
 * The minutes of a span and what each of them was. A minute lies in the span that holds its first instant, so
 * that parts of a span sum to the whole wherever it is cut. Intervals come in any order, as often and as
 * many as they like: memory is that of the minutes.
 */
export class MinuteSheet {
  readonly #first: number;
  readonly #length: number;
  /** By state that occurs: how many intervals more than in the minute before touch this one. */
  readonly #changes: Partial<Record<MinuteState, Int32Array>> = {};

  constructor({ fromMs, toMs }: Span) {
    this.#first = Math.ceil(fromMs / MINUTE_MS);
    this.#length = Math.max(0, Math.ceil(toMs / MINUTE_MS) - this.#first);
  }

  /** What lies outside the span is left out. */
  add({ state, fromMs, toMs }: Interval): void {
    const from = Math.max(0, Math.floor(fromMs / MINUTE_MS) - this.#first);
    const to = Math.min(this.#length, Math.ceil(toMs / MINUTE_MS) - this.#first);
    if (from >= to) return;
    const changes = this.#changes[state] ?? new Int32Array(this.#length + 1);
    this.#changes[state] = changes;
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  }

  /** One for each minute, in order. What nothing touches was not observed. */
  *minutes(): Generator<Minute> {
    const open = { maintenance: 0, excluded: 0, down: 0, up: 0, unobserved: 0 };
    const occurring = STATES.flatMap((state) => {
      const changes = this.#changes[state];
      return changes ? [{ state, changes }] : [];
    });
    let same: Minute = { state: "unobserved", seen: "unobserved" };
    for (let minute = 0; minute < this.#length; minute += 1) {
      let isSame = true;
      for (const { state, changes } of occurring) {
        const change = changes[minute] ?? 0;
        if (change === 0) continue;
        open[state] += change;
        isSame = false;
      }
      if (!isSame) same = minuteOf(open);
      yield same;
    }
  }
}

const minuteOf = (open: Readonly<Record<MinuteState, number>>): Minute => ({
  state: STATES.find((each) => open[each] > 0) ?? "unobserved",
  seen: SEEN.find((each) => open[each] > 0) ?? "unobserved",
});

/** All minutes of the intervals' span. */
export function sheetOf(span: Span, intervals: Iterable<Interval>): MinuteSheet {
  const sheet = new MinuteSheet(span);
  for (const interval of intervals) sheet.add(interval);
  return sheet;
}
