import type { Catcher, Retrier } from "./definition.ts";

/** Errors that no wildcard covers; States.Runtime cannot be caught by its name either. */
const BEYOND_ALL = ["States.DataLimitExceeded", "States.Runtime"];

/** Whether one of the names covers the error, by the rules of States.ALL and States.TaskFailed. */
export function covers(names: readonly string[], error: string): boolean {
  if (error === "States.Runtime") return false;
  return names.some(
    (name) =>
      name === error ||
      (name === "States.ALL" && !BEYOND_ALL.includes(error)) ||
      (name === "States.TaskFailed" && !BEYOND_ALL.includes(error) && error !== "States.Timeout"),
  );
}

/**
 * How long to wait before the next attempt, in seconds of configured time; undefined if the error is
 * not to be retried. `used` counts the attempts of each retrier and is raised; `random` is from 0 to 1.
 */
export function retryDelay(
  retriers: readonly Retrier[],
  error: string,
  used: Map<Retrier, number>,
  random: () => number,
): number | undefined {
  const retrier = retriers.find(({ ErrorEquals }) => covers(ErrorEquals, error));
  if (!retrier) return undefined;
  const attempts = used.get(retrier) ?? 0;
  if (attempts >= (retrier.MaxAttempts ?? 3)) return undefined;
  used.set(retrier, attempts + 1);
  return delayOf(retrier, attempts, random);
}

function delayOf(retrier: Retrier, attempts: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds, JitterStrategy } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds ?? Infinity);
  return JitterStrategy === "FULL" ? delay * random() : delay;
}

export const catcherFor = (catchers: readonly Catcher[], error: string): Catcher | undefined =>
  catchers.find(({ ErrorEquals }) => covers(ErrorEquals, error));
