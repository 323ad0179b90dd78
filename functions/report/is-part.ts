import { SlaError } from "../kernel/errors.ts";

interface Opened {
  readonly month: string;
  /** Those whose month is over by what is sealed. */
  readonly instances: readonly unknown[];
  /** The UTC day with which the last one's ends; absent where all are over. */
  readonly waitsFor?: string;
}

/** Whether some wait while others' month is over. Throws `NotSealedYet` if it is for nobody. */
export function isPart({ month, instances, waitsFor }: Opened): boolean {
  if (waitsFor === undefined || instances.length > 0) return waitsFor !== undefined;
  const why = `${month} ends with ${waitsFor} of UTC, which is not sealed yet`;
  throw new SlaError("NotSealedYet", "cloud", why);
}
