import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../cli/user-error.ts";

const POLL_MS = 25;
const TELL_MS = 5000;

export interface Patience {
  /** Milliseconds between two looks. @default 25 */
  readonly pollMs?: number;
  /** Told every few seconds what the last look failed with. */
  readonly stillWaiting?: (why: string) => void;
}

/**
 * Polls until `look` gives a value. Throws UserError (exit 1) naming what did not come about, with the
 * last failure of `look`, after `patienceMs`.
 */
export async function eventually<T>(
  what: string,
  patienceMs: number,
  look: () => Promise<T | undefined> | T | undefined,
  { pollMs = POLL_MS, stillWaiting }: Patience = {},
): Promise<T> {
  const end = Date.now() + patienceMs;
  let tellAt = Date.now() + TELL_MS;
  for (;;) {
    const { found, why = "" } = await attempt(look);
    if (found !== undefined) return found;
    if (Date.now() > end) throw new UserError(inVain(what, patienceMs, why), 1);
    if (Date.now() > tellAt) {
      stillWaiting?.(why);
      tellAt += TELL_MS;
    }
    await pause(pollMs);
  }
}

async function attempt<T>(
  look: () => Promise<T | undefined> | T | undefined,
): Promise<{ readonly found?: T | undefined; readonly why?: string }> {
  try {
    return { found: await look() };
  } catch (cause) {
    return { why: cause instanceof Error ? cause.message : String(cause) };
  }
}

const inVain = (what: string, patienceMs: number, why: string) =>
  `waited ${patienceMs / 1000} s in vain for: ${what}${why && `: ${why}`}`;
