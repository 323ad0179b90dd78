import { Temporal } from "temporal-polyfill";
import type { Run } from "./minute-runs.ts";
import { type MinuteState, STATES } from "./minute-sheet.ts";
import type { Span } from "./month.ts";

/** The minutes that clocks in a zone called by one hour of one day. */
export interface Hour {
  /** `2026-10-25` */
  readonly day: string;
  /** 0 to 23. */
  readonly hour: number;
  /** At most 60; where clocks are put back more, where they are put forward none and no such hour. */
  readonly minutes: Readonly<Record<MinuteState, number>>;
}

const MINUTE_MS = 60_000;

/** Hours in their order, of a month some 744; an hour that clocks show twice is one. */
export function hoursOf(runs: readonly Run[], timezone: string): readonly Hour[] {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return [];
  const hours = new Map<string, { day: string; hour: number; minutes: Hour["minutes"] }>();
  let next = 0;
  for (const { day, hour, fromMs, toMs } of chunksOf(first.fromMs, last.toMs, timezone)) {
    const name = `${day} ${hour}`;
    const minutes = { ...(hours.get(name)?.minutes ?? NONE) };
    for (let index = next; index < runs.length; index += 1) {
      const run = runs[index];
      if (!run || run.fromMs >= toMs) break;
      next = index;
      minutes[run.state] += shared(run, { fromMs, toMs });
    }
    hours.set(name, { day, hour, minutes });
  }
  return [...hours.values()];
}

/** What an hour is shown as: the state that weighs most of those it has. */
export const worstOf = ({ minutes }: Pick<Hour, "minutes">): MinuteState =>
  WORST_FIRST.find((state) => minutes[state] > 0) ?? "unobserved";

const WORST_FIRST = ["down", "unobserved", "excluded", "maintenance", "up"] as const;

const NONE: Hour["minutes"] = { maintenance: 0, excluded: 0, down: 0, up: 0, unobserved: 0 };

const shared = (one: Span, other: Span) =>
  Math.max(0, Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs)) / MINUTE_MS;

/** From each instant to where clocks show the next hour. */
function* chunksOf(fromMs: number, toMs: number, timezone: string) {
  let atMs = fromMs;
  while (atMs < toMs) {
    const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone);
    const rest = 3_600_000 - local.minute * MINUTE_MS - local.second * 1000;
    const endMs = Math.min(toMs, atMs + rest);
    yield { day: local.toPlainDate().toString(), hour: local.hour, fromMs: atMs, toMs: endMs };
    atMs = endMs;
  }
}

/** Days on which something was not up, with their minutes by state. */
export function daysNotUp(hours: readonly Hour[]): readonly Omit<Hour, "hour">[] {
  return [...Map.groupBy(hours, ({ day }) => day)]
    .map(([day, of]) => ({ day, minutes: sumOf(of) }))
    .filter(({ minutes }) => STATES.some((state) => state !== "up" && minutes[state] > 0));
}

function sumOf(hours: readonly Hour[]): Hour["minutes"] {
  const sum = { ...NONE };
  for (const { minutes } of hours) for (const state of STATES) sum[state] += minutes[state];
  return sum;
}
