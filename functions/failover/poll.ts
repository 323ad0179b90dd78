import type { Clock } from "../kernel/clock.ts";
import { notYet } from "./errors.ts";

// Plan seconds. Short at first, because most waits are short; slower later, because the cloud counts calls.
const FIRST = 0.1;
const LONGEST = 3;
const GROWTH = 1.3;
/** Even where a minute takes a second, asking more often than this finds nothing new. */
const FLOOR_MS = 25;

/** How long one invocation asks before it hands back to the machine, in plan seconds. */
export const WINDOW_SECONDS = 20;
const WINDOW_FLOOR_MS = 1500;

/** What `look` has seen: the value waited for, or why it is not there yet. */
export type Sight<T> = { readonly seen: T } | { readonly missing: string };

/** Asks until it is seen or the time is up; answers the last sight. Always asks once. */
export async function watchFor<T>(
  clock: Clock,
  window: { readonly seconds: number; readonly floorMs?: number },
  look: () => Promise<Sight<T>>,
): Promise<Sight<T>> {
  const end =
    clock.now().getTime() + clock.paced(window.seconds, window.floorMs ?? WINDOW_FLOOR_MS);
  for (let pause = FIRST; ; pause = Math.min(pause * GROWTH, LONGEST)) {
    const sight = await look();
    if ("seen" in sight || clock.now().getTime() >= end) return sight;
    await clock.wait(pause, FLOOR_MS);
  }
}

/** Like `watchFor`, for what has to come: `NotYet` with the reason if it does not in one window. */
export async function awaited<T>(clock: Clock, look: () => Promise<Sight<T>>): Promise<T> {
  const sight = await watchFor(clock, { seconds: WINDOW_SECONDS }, look);
  return "seen" in sight ? sight.seen : notYet(sight.missing);
}
