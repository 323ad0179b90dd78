import type { Clock } from "../kernel/clock.ts";
import { keys } from "./contract.ts";
import type { Ledger } from "./ledger.ts";
import { rewrite } from "./written.ts";

/** `roles/.changing.json`: until then roles of this ledger may be written. */
export interface RolesMark {
  /** ISO 8601. */
  readonly until: string;
}

/** Whoever announces writes well before this is over, time-outs and a repeat included. */
const WINDOW_MS = 120_000;

/**
 * Before roles are written: whoever keeps a list of them asks again until the window is over. A writer that dies after it has changed nothing,
 * one that dies before it has written nothing.
 */
export async function announceRoles(ledger: Ledger, clock: Pick<Clock, "now">): Promise<void> {
  const nowMs = clock.now().getTime();
  const until = new Date(nowMs + WINDOW_MS).toISOString();
  await rewrite<RolesMark>(ledger, keys.rolesMark, (found) =>
    // In the failovers of a lost region one announcement serves many.
    found && Date.parse(found.until) > nowMs + WINDOW_MS * 0.75 ? undefined : { until },
  );
}
