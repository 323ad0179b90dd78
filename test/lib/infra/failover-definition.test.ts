import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import {
  FAILOVER_FUNCTIONS,
  FAILOVER_STEPS,
  HALT_STEPS,
  WAIT_FOR_ANSWER,
} from "../../../functions/failover/contract.ts";
import { failoverDefinition, STEP_SECONDS } from "../../../lib/infra/failover-definition.ts";
import { resourcesOf, templateOf, templates } from "./templates.ts";

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Resource?: string;
  readonly Arguments?: {
    readonly FunctionName: string;
    readonly Payload: { readonly step: string };
  };
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[];
}

// The validator is CommonJS without types.
const validate = createRequire(import.meta.url)("asl-validator") as (definition: unknown) => {
  readonly errors: readonly unknown[];
};

const definition = failoverDefinition((name) => name);
const states = definition["States"] as Record<string, State>;
const stateOf = (name: string): State => {
  const found = states[name];
  if (!found) throw new Error(name);
  return found;
};

function expressionsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes("{%") ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(expressionsIn);
}

describe("the failover machine", () => {
  it.each([...templates].filter(([name]) => name.startsWith("Sla-")))(
    "in %s is valid JSONata and nothing else",
    (_name, template) => {
      const machines = resourcesOf(template, "AWS::StepFunctions::StateMachine");
      expect(machines.map(({ Properties }) => Properties["StateMachineName"])).toEqual([
        "sla-failover",
        "sla-reprotect",
        "sla-recover",
        "sla-restore-test",
      ]);
      for (const { Properties } of machines) {
        const deployed = JSON.parse(String(Properties["DefinitionString"]));
        expect(validate(deployed).errors).toEqual([]);
        expect(deployed.QueryLanguage).toBe("JSONata");
        expect(JSON.stringify(deployed)).not.toMatch(
          /"(InputPath|OutputPath|ResultPath|Parameters)"/,
        );
      }
    },
  );

  it("walks the step table in its order", () => {
    const walked: string[] = [];
    for (let name = stateOf("Begin").Next; name && name !== "Done"; name = stateOf(name).Next) {
      walked.push(name);
    }
    expect(walked).toEqual(FAILOVER_STEPS.map(({ state }) => state));
  });

  it.each([...FAILOVER_STEPS, ...HALT_STEPS])(
    "$state asks $by for '$step'",
    ({ state, step, by }) => {
      const { Arguments, TimeoutSeconds } = stateOf(state);
      expect(Arguments).toMatchObject({ FunctionName: FAILOVER_FUNCTIONS[by], Payload: { step } });
      expect(TimeoutSeconds).toBe(STEP_SECONDS.task);
    },
  );

  it("decides nothing by an expression: each only names a path", () => {
    for (const expression of expressionsIn(definition)) {
      expect(expression).toMatch(/^\{% \$states\.[A-Za-z.]+ %\}$/);
    }
    expect(Object.values(states).map(({ Type }) => Type)).not.toContain("Choice");
  });

  it("takes the fence off for whatever stops before promote, and never after", () => {
    const turn = FAILOVER_STEPS.findIndex(({ step }) => step === "promote");
    const first = (name: string) => stateOf(name).Catch?.[0];
    const last = (name: string) => stateOf(name).Catch?.at(-1);
    for (const { state } of [...FAILOVER_STEPS.slice(0, turn), WAIT_FOR_ANSWER]) {
      expect(last(state)).toMatchObject({ ErrorEquals: ["States.ALL"], Next: "Unfence" });
    }
    for (const { state } of FAILOVER_STEPS.slice(turn + 1)) {
      expect(first(state)).toMatchObject({ ErrorEquals: ["States.ALL"], Next: "Halted" });
    }
    expect(stateOf("Promote").Catch).toMatchObject([
      {
        ErrorEquals: ["HaltPromoteRefused", "HaltStandbyBusy", "HaltAborted", "NotYet"],
        Next: "Unfence",
      },
      { ErrorEquals: ["States.ALL"], Next: "Halted" },
    ]);
  });

  it.each([...FAILOVER_STEPS, ...HALT_STEPS])(
    "repeats $state if its process died over it",
    ({ state }) => {
      const repeated = (stateOf(state).Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(repeated).toEqual(expect.arrayContaining(["Runtime.ExitError", "Sandbox.Timedout"]));
    },
  );

  it("waits for a person beside the line, and comes back to the step that reads the answer", () => {
    expect(stateOf("Approve").Catch?.[0]).toMatchObject({
      ErrorEquals: ["AwaitsAnswer"],
      Next: WAIT_FOR_ANSWER.state,
    });
    const wait = stateOf(WAIT_FOR_ANSWER.state);
    expect(wait.Resource).toMatch(/:::lambda:invoke\.waitForTaskToken$/);
    expect(wait.Next).toBe("Approve");
    expect(wait.Catch?.[0]).toMatchObject({
      ErrorEquals: ["States.Timeout", "Answered"],
      Next: "Approve",
    });
    // A wait that is over is no failure: asking the cloud again would be a second wait.
    expect(wait.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain("States.Timeout");
  });

  it("catches nothing but patience in front of the way back", () => {
    for (const { state } of FAILOVER_STEPS.filter(({ step }) => step !== "approve")) {
      if (state === "Promote" || state === "Admit") continue;
      expect(stateOf(state).Catch).toHaveLength(1);
    }
    expect(stateOf("Admit").Catch).toHaveLength(2);
  });

  it("ends beside the line where another one is at work", () => {
    expect(stateOf("Admit").Catch?.[0]).toMatchObject({
      ErrorEquals: ["AlreadyUnderWay"],
      Next: "UnderWayElsewhere",
    });
    expect(stateOf("UnderWayElsewhere")).toEqual({ Type: "Succeed" });
  });

  it("is not aborted by a time-out for many hours", () => {
    expect(definition["TimeoutSeconds"]).toBeGreaterThanOrEqual(6 * 3600);
  });

  it("is deployed with the functions of its own region", () => {
    const [machine] = resourcesOf(templateOf("Sla-eu-west-1"), "AWS::StepFunctions::StateMachine");
    const arns = String(machine?.Properties["DefinitionString"]).match(
      /arn:aws:lambda:[a-z0-9-]+/g,
    );
    expect(new Set(arns)).toEqual(new Set(["arn:aws:lambda:eu-west-1"]));
  });
});
