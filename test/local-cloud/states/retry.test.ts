import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Retrier } from "../../../lib/local-cloud/states/definition.ts";
import { covers, retryDelay } from "../../../lib/local-cloud/states/retry.ts";

test.each([
  ["States.ALL", "Anything", true],
  ["States.ALL", "States.Timeout", true],
  ["States.ALL", "States.DataLimitExceeded", false],
  ["States.ALL", "States.Runtime", false],
  ["States.Runtime", "States.Runtime", false],
  ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
  ["States.TaskFailed", "Anything", true],
  ["States.TaskFailed", "States.HeartbeatTimeout", true],
  ["States.TaskFailed", "States.Timeout", false],
  ["States.Timeout", "States.Timeout", true],
  ["NotYet", "NotYetReady", false],
])("%s covers %s: %s", (name, error, expected) => {
  expect(covers([name], error)).toBe(expected);
});

const delays = (retrier: Partial<Retrier>, attempts: number) => {
  const used = new Map<Retrier, number>();
  const retriers = [{ ErrorEquals: ["E"], ...retrier }];
  return Array.from({ length: attempts }, () => retryDelay(retriers, "E", used, () => 0.5));
};

describe("delays in seconds", () => {
  test.each([
    ["three attempts, doubling from one second, unless told", {}, [1, 2, 4, undefined]],
    ["a rate of one stays", { BackoffRate: 1, MaxAttempts: 2 }, [1, 1, undefined, undefined]],
    ["a cap holds", { IntervalSeconds: 3, MaxDelaySeconds: 5 }, [3, 5, 5, undefined]],
    ["full jitter takes a share", { JitterStrategy: "FULL" as const }, [0.5, 1, 2, undefined]],
    ["no attempts", { MaxAttempts: 0 }, [undefined, undefined, undefined, undefined]],
  ])("%s", (_, retrier, expected) => {
    expect(delays(retrier, 4)).toEqual(expected);
  });
});

test("no retrier is used more often than it allows", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(40), (MaxAttempts, attempts) => {
      const retried = delays({ MaxAttempts }, attempts).filter((delay) => delay !== undefined);
      expect(retried).toHaveLength(Math.min(MaxAttempts, attempts));
    }),
  );
});
