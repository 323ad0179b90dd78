import { minutesIn, type Span } from "./month.ts";

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
 * many as they like: memory is that of the minutes at which something changes.
 */
export class MinuteSheet {
  readonly #first: number;
  readonly #length: number;
  /** By minute how many intervals of each state more than in the minute before touch it. */
  readonly #changes = new Map<number, Record<MinuteState, number>>();

  constructor(span: Span) {
    this.#first = Math.ceil(span.fromMs / MINUTE_MS);
    this.#length = minutesIn(span);
  }

  /** What lies outside the span is left out. */
  add({ state, fromMs, toMs }: Interval): void {
    const from = Math.max(0, Math.floor(fromMs / MINUTE_MS) - this.#first);
    const to = Math.min(this.#length, Math.ceil(toMs / MINUTE_MS) - this.#first);
    if (from >= to) return;
    this.#changeAt(from)[state] += 1;
    this.#changeAt(to)[state] -= 1;
  }

  /** One for each minute, in order. What nothing touches was not observed. */
  *minutes(): Generator<Minute> {
    const open = noneOpen();
    let [at, same] = [0, minuteOf(open)];
    const changes = [...this.#changes].toSorted(([one], [other]) => one - other);
    for (const [minute, change] of changes) {
      for (; at < minute; at += 1) yield same;
      for (const state of STATES) open[state] += change[state];
      same = minuteOf(open);
    }
    for (; at < this.#length; at += 1) yield same;
  }

  #changeAt(minute: number): Record<MinuteState, number> {
    const known = this.#changes.get(minute) ?? noneOpen();
    this.#changes.set(minute, known);
    return known;
  }
}

const noneOpen = () => ({ maintenance: 0, excluded: 0, down: 0, up: 0, unobserved: 0 });

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
