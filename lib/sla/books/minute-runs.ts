import type { Minute } from "./minute-sheet.ts";
import type { Span } from "./month.ts";

/** Neighbouring minutes that were alike. */
export interface Run extends Span, Minute {}

/** An outage as the longest one is counted: from its first down minute to the end of its last. */
export interface Outage extends Span {
  /** Those down; what nobody saw or what does not count in between is not. */
  readonly minutes: number;
}

const MINUTE_MS = 60_000;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The minutes of a span in their order, as few runs; they touch, and together they are all minutes. */
export function runsOf({ fromMs }: Span, minutes: Iterable<Minute>): readonly Run[] {
  const runs: Writable<Run>[] = [];
  let last: Writable<Run> | undefined;
  let atMs = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS;
  for (const { state, seen } of minutes) {
    const toMs = atMs + MINUTE_MS;
    if (last?.state === state && last.seen === seen) last.toMs = toMs;
    else {
      last = { state, seen, fromMs: atMs, toMs };
      runs.push(last);
    }
    atMs = toMs;
  }
  return runs;
}

/** Only a minute seen up ends an outage. */
export function outagesOf(runs: readonly Run[]): readonly Outage[] {
  const outages: Outage[] = [];
  let isOpen = false;
  for (const { state, seen, fromMs, toMs } of runs) {
    if (seen === "up") isOpen = false;
    if (state !== "down") continue;
    const minutes = (toMs - fromMs) / MINUTE_MS;
    const last = isOpen ? outages.pop() : undefined;
    outages.push({
      fromMs: last?.fromMs ?? fromMs,
      toMs,
      minutes: (last?.minutes ?? 0) + minutes,
    });
    isOpen = true;
  }
  return outages;
}
