import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../cli/user-error.ts";

const POLL_MS = 25;

/**
 * Polls until `look` gives a value. Throws UserError (exit 1) naming what did not come about, with the
 * last failure of `look`, after `patienceMs`.
 */
export async function eventually<T>(
  what: string,
  patienceMs: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + patienceMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      last = undefined;
    } catch (cause) {
      last = cause;
    }
    if (Date.now() > end) {
      const why = last instanceof Error ? `: ${last.message}` : "";
      throw new UserError(`waited ${patienceMs / 1000} s in vain for: ${what}${why}`, 1);
    }
    await pause(POLL_MS);
  }
}
