import { setTimeout as wait } from "node:timers/promises";

/** What has not ended by itself by then is left to the guard, which asks nobody. */
const ENDS_WITHIN_MS = 5000;

/** Resolves when the closing is done, or has taken too long to wait for; rejects as it does. */
export async function closedInTime(closing: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = wait(ENDS_WITHIN_MS, undefined, { signal: done.signal }).catch(() => {});
  try {
    await Promise.race([closing, late]);
  } finally {
    done.abort();
  }
}
