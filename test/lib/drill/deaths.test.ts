import { describe, expect, test } from "vitest";
import { FAILOVER_FUNCTIONS, FAILOVER_STEPS } from "../../../functions/failover/contract.ts";
import { eachStepInTurn, everyStepDied } from "../../../lib/drill/deaths.ts";

const OWNER = "eu-central-1";
const call = (step: string, name: string = FAILOVER_FUNCTIONS.assess, region = OWNER) => ({
  region,
  name,
  payload: JSON.stringify({ step, case: {} }),
});

describe("the fate of a failover's steps", () => {
  test("is to die at work, then with the answer in hand, then to live", () => {
    const fate = eachStepInTurn(OWNER);
    for (const { step, by } of FAILOVER_STEPS) {
      const taken = [1, 2, 3].map(() => fate(call(step, FAILOVER_FUNCTIONS[by])));
      expect(taken).toEqual(["at work", "when done", undefined]);
    }
  });

  test.for<[string, ReturnType<typeof call>]>([
    ["in another region", call("fence", FAILOVER_FUNCTIONS.fence, "eu-west-1")],
    ["of other functions", call("fence", "sla-watch")],
    ["of what takes the fence off again", call("unfence", FAILOVER_FUNCTIONS.fence)],
  ])("is nobody's %s", ([, other]) => {
    expect(eachStepInTurn(OWNER)(other)).toBeUndefined();
  });
});

describe("a run in which steps die", () => {
  const event = (operation: string, detail: Record<string, unknown>) => ({
    ...{ at: 0, region: OWNER, service: "tested" },
    ...{ operation, detail },
  });
  const entered = FAILOVER_STEPS.map(({ state }) => event("StateEntered", { state }));
  const died = FAILOVER_STEPS.flatMap(({ step }) =>
    ["at work", "when done"].map((moment) => event("EnvironmentKilled", { step, moment })),
  );
  const all = FAILOVER_STEPS.length;

  test.for<[string, Parameters<typeof everyStepDied>[0], boolean, string]>([
    ["all that were taken died", [...entered, ...died], true, `${all} of ${all}`],
    [
      "the last never died when it was done",
      [...entered, ...died.slice(0, -1)],
      false,
      `${all - 1} of ${all}, not Record`,
    ],
    ["none was taken", [], false, "0 of 0"],
  ])("%s", ([, events, ok, found]) => {
    expect(everyStepDied(events)).toMatchObject({ ok, found });
  });
});
