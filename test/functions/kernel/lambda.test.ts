import { expect, it, test } from "vitest";
import { lambda } from "../../../functions/kernel/lambda.ts";
import { failoverDefinition } from "../../../lib/infra/failover-definition.ts";
import { recoverDefinition } from "../../../lib/infra/recover-definition.ts";
import { reprotectDefinition } from "../../../lib/infra/reprotect-definition.ts";
import { restoreTestDefinition } from "../../../lib/infra/restore-test-definition.ts";

it("a function whose time runs out is left to Lambda, which ends its process", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const handler = lambda(() => promise);
  // What an answer of its own just before the end would be measured by.
  const answer = handler({}, { getRemainingTimeInMillis: () => 1 } as never);
  setTimeout(resolve, 50, "done in the end");
  expect(await answer).toBe("done in the end");
});

interface State {
  readonly Type: string;
  readonly Retry?: readonly Named[];
  /** Machines that wait for hours go round by a catch. */
  readonly Catch?: readonly Named[];
}

interface Named {
  readonly ErrorEquals: readonly string[];
}

/** States of a machine, and of the branches and maps in it. */
function statesIn(machine: unknown): readonly (readonly [string, State])[] {
  if (typeof machine !== "object" || machine === null) return [];
  const own = Object.entries(("States" in machine ? machine.States : {}) as Record<string, State>);
  return [...own, ...Object.values(machine).flatMap((part) => statesIn(part))];
}

test.each([
  ["failover", failoverDefinition],
  ["recover", recoverDefinition],
  ["reprotect", reprotectDefinition],
  ["restore test", (arn: (name: string) => string) => restoreTestDefinition(arn, true)],
])("every step of the machine %s is repeated whose function ran out of time", (_name, define) => {
  const tasks = statesIn(define((name) => name)).filter(([, state]) => state.Type === "Task");
  expect(tasks.length).toBeGreaterThan(4);
  for (const [name, { Retry = [], Catch = [] }] of tasks) {
    const repeated = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
    expect([name, repeated]).toEqual([name, expect.arrayContaining(["Sandbox.Timedout"])]);
  }
});
