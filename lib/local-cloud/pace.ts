/**
 * Divided time-outs need floors: a laptop does not get faster because a minute takes a second. That of functions is as many
 * times the floor of one call (two seconds) as the longest function has of it on AWS.
 */
export const FLOORS = { lambdaTimeoutMs: 30_000, tokenMs: 2000, dnsTtlMs: 1000 };

/** By how much configured waits are divided: at 60 a minute takes a second. Work and clocks stay real. */
export class Pace {
  readonly factor: number;
  /** Milliseconds. */
  readonly floors: Readonly<typeof FLOORS>;

  constructor(factor: number, floors: Readonly<typeof FLOORS> = FLOORS) {
    if (!(factor >= 1)) throw new RangeError(`pace: expected a number from 1, got ${factor}`);
    this.factor = factor;
    this.floors = floors;
  }

  /** Milliseconds that `seconds` of configured time last here. */
  ms(seconds: number, floorMs = 0): number {
    return Math.max((seconds * 1000) / this.factor, floorMs);
  }
}
