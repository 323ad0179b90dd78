import { endOf, type Window } from "../../lib/sla/books/window.ts";
import type { Course } from "./course.ts";
import type { Standing } from "./standing.ts";

interface Told {
  readonly standing: Standing;
  readonly course: Course;
}

/** The last step of the clock, or what has happened since: so that the same page is the same text until something has changed. */
export function asOf(
  known: readonly Told[],
  windows: readonly Window[],
  now: Date,
  stepMs: number,
): string {
  const nowMs = now.getTime();
  const changes = known.flatMap(({ standing, course }) => [
    ...(standing.since === undefined ? [] : [Date.parse(standing.since)]),
    ...course.down.flatMap(({ fromMs, toMs }) => [fromMs, ...(toMs === undefined ? [] : [toMs])]),
  ]);
  const turns = windows.flatMap((window) => [window.fromMs, endOf(window), window.announcedMs]);
  const past = [...changes, ...turns].filter((ms) => ms <= nowMs);
  const stepped = Math.floor(nowMs / stepMs) * stepMs;
  return new Date(past.reduce((newest, ms) => Math.max(newest, ms), stepped)).toISOString();
}
