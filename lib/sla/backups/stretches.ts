import type { Life } from "./history.ts";

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly live: number;
}

/** How many of them are live from one change to the next. */
export function stretchesOf(
  lives: readonly Life[],
  fromMs: number,
  toMs: number,
  untilMs: number,
): readonly Stretch[] {
  const changes = lives.flatMap(({ availableMs, removedMs = untilMs }) => [
    { ms: availableMs, by: 1 },
    { ms: removedMs, by: -1 },
  ]);
  changes.sort((one, other) => one.ms - other.ms);
  const found: Stretch[] = [];
  let live = 0;
  let since = fromMs;
  for (const { ms, by } of changes) {
    const at = Math.min(Math.max(ms, fromMs), toMs);
    if (at > since) {
      found.push({ fromMs: since, toMs: at, live });
      since = at;
    }
    live += by;
  }
  if (since < toMs) found.push({ fromMs: since, toMs, live });
  return found;
}
