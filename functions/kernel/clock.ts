/**
 * The one source of time in functions. `SLA_PACE` (1 unless set) divides every configured wait, cadence
 * and time-out, so that a rehearsal takes seconds; on AWS it is never set.
 */
export interface Clock {
  now(): Date;
  /** How long `seconds` of a plan or setting last here, in milliseconds, never under the floor. */
  paced(seconds: number, floorMs?: number): number;
  /** Waits `seconds` of plan time. */
  wait(seconds: number, floorMs?: number): Promise<void>;
  /** Waits until the instant; returns at once if it has passed. */
  until(instant: Date): Promise<void>;
}

export function clockFrom(env: Readonly<Record<string, string | undefined>>): Clock {
  const pace = Number(env["SLA_PACE"] ?? "1");
  if (!(pace >= 1))
    throw new RangeError(`SLA_PACE: expected a number from 1, got '${env["SLA_PACE"]}'`);
  const paced = (seconds: number, floorMs = 0) => Math.max((seconds * 1000) / pace, floorMs);
  const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, Math.max(0, ms)));
  return {
    now: () => new Date(),
    paced,
    wait: (seconds, floorMs) => sleep(paced(seconds, floorMs)),
    until: (instant) => sleep(instant.getTime() - Date.now()),
  };
}

/** Divided time-outs need floors: a laptop does not get faster because a minute takes a second. */
export const FLOORS = { probeMs: 1000, sdkMs: 2000, sqlMs: 1000 } as const;
