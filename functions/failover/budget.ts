import type { FailoverStep, HaltStep } from "./contract.ts";

/** Seconds of plan time a step should take: the shares of the RTO that `sla check` adds up. Others have no hurry. */
const BUDGET: Readonly<Record<FailoverStep | HaltStep, number>> = {
  admit: 20,
  evidence: 20,
  preflight: 60,
  approve: 20,
  "admit-again": 20,
  fence: 60,
  drain: 60,
  promote: 20,
  gate: 720,
  roles: 20,
  // A window of asking the API, then the flag.
  flip: 60,
  prove: 120,
  record: 20,
  unfence: 60,
  halted: 20,
};

/** What to say of a step that took too long; undefined if it did not. It never stops a failover. */
export function overrun(step: string, tookMs: number, msPerSecond: number): string | undefined {
  const seconds = (BUDGET as Readonly<Record<string, number | undefined>>)[step];
  if (seconds === undefined) return undefined;
  const allowedMs = Math.max(seconds * msPerSecond, FLOOR_MS);
  return tookMs > allowedMs
    ? `over budget: ${Math.round(tookMs)} ms, ${Math.round(allowedMs)} ms allowed`
    : undefined;
}

// Work does not get faster where a minute takes a second.
const FLOOR_MS = 2000;
