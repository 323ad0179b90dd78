import { describe, expect, it } from "vitest";
import { FAILOVER_FUNCTIONS } from "../../../functions/failover/contract.ts";
import {
  BUILD_FUNCTION,
  DROP_FUNCTION,
  OVERTAKEN,
  POINT_AGAIN,
  REPROTECT_ENDS,
  REPROTECT_STEPS,
} from "../../../functions/failover/reprotect-contract.ts";
import { REPROTECT_SECONDS, reprotectDefinition } from "../../../lib/infra/reprotect-definition.ts";

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Seconds?: number;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: object };
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Default?: string;
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[];
}

const definition = reprotectDefinition((name) => name);
const states = definition["States"] as Record<string, State>;
const FUNCTIONS = { ...FAILOVER_FUNCTIONS, build: BUILD_FUNCTION, drop: DROP_FUNCTION };

/** An execution holds 25,000 events; a round of a step and its wait makes so many of them. */
const EVENTS = 25_000;
const PER_ROUND = 8;
/** Making a replica of a large database takes hours. */
const BUILDING_SECONDS = 12 * 3600;

describe("the reprotect machine", () => {
  it("walks the step table in its order, without the first four where nobody is given up", () => {
    const walked: string[] = [];
    const { Choices = [], Default } = states[states["Begin"]?.Next ?? ""] as State;
    for (let name = Choices[0]?.Next; name && name !== "Done"; name = states[name]?.Next) {
      walked.push(name);
    }
    expect(walked).toEqual(REPROTECT_STEPS.map(({ state }) => state));
    expect(Choices).toHaveLength(1);
    expect(walked.indexOf(Default ?? "")).toBe(4);
  });

  it.each([...REPROTECT_STEPS, ...REPROTECT_ENDS])(
    "$state asks $by for '$step'",
    ({ state, step, by }) => {
      expect(states[state]?.Arguments).toMatchObject({
        FunctionName: FUNCTIONS[by],
        Payload: { step },
      });
    },
  );

  it.each(REPROTECT_STEPS)("$state waits in minutes for what passes", ({ state, everySeconds }) => {
    const later = states[state]?.Catch?.[0];
    expect(later?.ErrorEquals).toEqual(
      expect.arrayContaining(["NotYet", "CloudUnreachable", "CloudThrottled", "States.Timeout"]),
    );
    expect(states[later?.Next ?? ""]).toEqual({ Type: "Wait", Seconds: everySeconds, Next: state });
    expect(everySeconds).toBeGreaterThanOrEqual(60);
  });

  it.each(REPROTECT_STEPS)("$state ends without a word where others have decided", ({ state }) => {
    expect(states[state]?.Catch?.slice(-2)).toMatchObject([
      { ErrorEquals: [OVERTAKEN], Next: "Overtaken" },
      { ErrorEquals: ["States.ALL"], Next: "Halted" },
    ]);
    expect(states["Overtaken"]?.Next).toBe("Done");
  });

  it("writes the records once more if they were owed before roles were given, and only then", () => {
    const again = REPROTECT_STEPS.filter(({ state }) =>
      states[state]?.Catch?.some(({ Next }) => Next === "Signpost"),
    );
    expect(again.map(({ state }) => state)).toEqual(["Roles"]);
    expect(states["Roles"]?.Catch?.[1]).toMatchObject({ ErrorEquals: [POINT_AGAIN] });
  });

  it("decides nothing by an expression, but whether a standby is given up at all", () => {
    const { WhichWay, ...others } = states;
    expect(WhichWay).toMatchObject({
      Choices: [{ Condition: "{% $exists($states.input.request.drop) %}" }],
    });
    const text = JSON.stringify(others);
    for (const [expression] of text.matchAll(/\{%.*?%\}/g)) {
      expect(expression).toMatch(/^\{% \$states\.[A-Za-z.]+ %\}$/);
    }
    expect(text).not.toContain('"Choice"');
  });

  it("has room for a week of a region that is lost, and for building afterwards", () => {
    const everySeconds = (wanted: string) =>
      REPROTECT_STEPS.find(({ state }) => state === wanted)?.everySeconds ?? 0;
    const [lost, building] = [everySeconds("Ready"), everySeconds("Build")];
    const events =
      (REPROTECT_SECONDS / lost) * PER_ROUND + (BUILDING_SECONDS / building) * PER_ROUND;
    expect(events).toBeLessThan(EVENTS);
  });
});
