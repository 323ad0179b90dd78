import { endOf, type Window } from "../../lib/sla/books/window.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { type Audience, audiencesOf } from "./address.ts";
import type { Heard } from "./heard.ts";
import type { Looked } from "./known.ts";
import type { Known, Scene } from "./view.ts";

/** Pages are written again so often, in plan seconds, so that whoever reads one sees whether it is alive. */
export const WRITTEN_EVERY_SECONDS = 900;

/** What pages show, and to whom. */
export function sceneOf(
  fleet: Fleet,
  known: readonly Known[],
  { silent, windows }: Pick<Heard, "silent" | "windows">,
  { now, pacer }: Looked,
): { readonly scene: Scene; readonly audiences: readonly Audience[] } {
  const stepMs = pacer.paced(WRITTEN_EVERY_SECONDS);
  const at = asOf(known, windows, now, stepMs);
  const here = new Set(known.map(({ instance }) => instance.id));
  return {
    scene: { fleet, known, silent, windows, at, everySeconds: stepMs / 1000 },
    audiences: audiencesOf(fleet, (id) => !here.has(id)),
  };
}

/** The last step of the clock, or what has happened since: so that the same page is the same text until something has changed. */
function asOf(
  known: readonly Known[],
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
