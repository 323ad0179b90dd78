import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { type Answers, raise, run } from "./fixture.ts";

const only = (state: object) => ({ StartAt: "A", States: { A: { End: true, ...state } } });
const INVOKE = "arn:aws:states:::lambda:invoke";
const invoke = (more: object = {}) => ({
  Type: "Task",
  Resource: INVOKE,
  Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
  Output: "{% $states.result.Payload %}",
  ...more,
});

const done = { StartAt: "B", States: { B: { Type: "Pass", End: true } } };
const failWith = (name: string) => ({
  StartAt: "F",
  States: { F: { Type: "Fail", Error: name, Cause: "{% 'about ' & $states.input.x %}" } },
});

interface Row {
  readonly machine: object;
  readonly input?: unknown;
  readonly functions?: Answers;
  readonly output: unknown;
}

const SUCCEED: Record<string, Row> = {
  "a Pass without Output hands its input on": {
    machine: only({ Type: "Pass" }),
    input: { a: 1 },
    output: { a: 1 },
  },
  "expressions are evaluated anywhere inside Output, other text stays": {
    machine: only({
      Type: "Pass",
      Output: { s: "{% $states.input.a + 1 %}", t: "plain {% 1 %}", l: [1, "{% 'x' %}"], n: null },
    }),
    input: { a: 1 },
    output: { s: 2, t: "plain {% 1 %}", l: [1, "x"], n: null },
  },
  "a sequence of one is its only value, an array constructor stays an array": {
    machine: only({
      Type: "Pass",
      Output: {
        one: "{% $states.input.l[v > 1].v %}",
        list: "{% [$states.input.l[v > 1].v] %}",
      },
    }),
    input: { l: [{ v: 1 }, { v: 2 }] },
    output: { one: 2, list: [2] },
  },
  "Step Functions' own JSONata functions are there": {
    machine: only({
      Type: "Pass",
      Output: {
        parts: "{% $partition([1,2,3], 2) %}",
        range: "{% $range(0, 9, 3) %}",
        hash: "{% $hash('a', 'MD5') %}",
        parsed: "{% $parse('{\"x\":[1]}').x[0] %}",
        seeded: "{% $random(7) = $random(7) %}",
        uuid: "{% $length($uuid()) %}",
      },
    }),
    output: {
      parts: [[1, 2], [3]],
      range: [0, 3, 6, 9],
      hash: "0cc175b9c0f1b6a831c399e269772661",
      parsed: 1,
      seeded: true,
      uuid: 36,
    },
  },
  "Assign counts from the next state on, Output sees the old value": {
    machine: {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { x: 1 }, Next: "B" },
        B: { Type: "Pass", Assign: { x: "{% $x + 1 %}" }, Output: "{% $x %}", Next: "C" },
        C: { Type: "Pass", Output: { before: "{% $states.input %}", now: "{% $x %}" }, End: true },
      },
    },
    output: { before: 1, now: 2 },
  },
  "a choice takes the first rule that holds, with the rule's Output and Assign": {
    machine: {
      StartAt: "A",
      States: {
        A: {
          Type: "Choice",
          Choices: [
            { Condition: "{% $states.input.n > 9 %}", Next: "B" },
            {
              Condition: "{% $states.input.n > 1 %}",
              Next: "B",
              Output: "{% 'two' %}",
              Assign: { v: 2 },
            },
            { Condition: "{% true %}", Next: "B" },
          ],
          Output: "{% 'never' %}",
        },
        B: { Type: "Pass", Output: "{% $states.input & $string($v) %}", End: true },
      },
    },
    input: { n: 5 },
    output: "two2",
  },
  "Default has the choice state's own Output": {
    machine: {
      StartAt: "A",
      States: {
        A: {
          Type: "Choice",
          Choices: [{ Condition: "{% false %}", Next: "A" }],
          Default: "B",
          Output: "{% 'default' %}",
        },
        B: { Type: "Succeed", Output: "{% $states.input & '!' %}" },
      },
    },
    output: "default!",
  },
  "lambda:invoke wraps the parsed answer": {
    machine: only(invoke({ Output: "{% $states.result %}" })),
    input: { a: 1 },
    functions: { f: (payload) => ({ got: payload }) },
    output: { ExecutedVersion: "$LATEST", Payload: { got: { a: 1 } }, StatusCode: 200 },
  },
  "a plain function ARN takes Arguments and gives the bare answer": {
    machine: only({
      Type: "Task",
      Resource: "arn:aws:lambda:eu-central-1:111111111111:function:f",
      Arguments: { n: "{% $states.input.a %}" },
    }),
    input: { a: 3 },
    functions: { f: (payload) => (payload as { n: number }).n * 2 },
    output: 6,
  },
  "Parallel keeps the order of its branches and its variables to itself": {
    machine: {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { v: "outer" }, Next: "P" },
        P: {
          Type: "Parallel",
          Arguments: { x: "{% $states.input.x %}" },
          Branches: [
            {
              StartAt: "W",
              States: {
                W: { Type: "Wait", Seconds: 20, Next: "X" },
                X: { Type: "Pass", Assign: { v: "inner" }, Output: "{% $v %}", End: true },
              },
            },
            done,
          ],
          Next: "Z",
        },
        Z: { Type: "Pass", Output: "{% [[$states.input], $v] %}", End: true },
      },
    },
    input: { x: 1, y: 2 },
    output: [["outer", { x: 1 }], "outer"],
  },
  "Map runs its processor per item, with index and value in the context": {
    machine: only({
      Type: "Map",
      Items: "{% $states.input.items %}",
      MaxConcurrency: 2,
      ItemSelector: {
        i: "{% $states.context.Map.Item.Index %}",
        v: "{% $states.context.Map.Item.Value %}",
        all: "{% $count($states.input.items) %}",
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "B",
        States: {
          B: { Type: "Pass", Output: "{% $states.input.(i & v & all) %}", End: true },
        },
      },
    }),
    input: { items: ["a", "b", "c"] },
    output: ["0a3", "1b3", "2c3"],
  },
  "Map over nothing gives an empty array": {
    machine: only({ Type: "Map", Items: [], ItemProcessor: done }),
    output: [],
  },
  "a retried task sees its retry count and succeeds in the end": {
    machine: only(
      invoke({
        Arguments: { FunctionName: "f", Payload: "{% $states.context.State.RetryCount %}" },
        Retry: [{ ErrorEquals: ["NotYet"], IntervalSeconds: 1, MaxAttempts: 5 }],
      }),
    ),
    functions: { f: (count) => (Number(count) < 3 ? raise("NotYet") : count) },
    output: 3,
  },
  "a catcher sees the error and its own Assign": {
    machine: {
      StartAt: "A",
      States: {
        A: invoke({
          Next: "never",
          Catch: [
            { ErrorEquals: ["Other"], Next: "never" },
            {
              ErrorEquals: ["Broken"],
              Next: "B",
              Assign: { error: "{% $states.errorOutput.Error %}" },
              Output: { cause: "{% $parse($states.errorOutput.Cause).errorMessage %}" },
            },
          ],
        }),
        never: { Type: "Fail" },
        B: { Type: "Pass", Output: "{% $error & ':' & $states.input.cause %}", End: true },
      },
    },
    functions: { f: () => raise("Broken", "it fell") },
    output: "Broken:it fell",
  },
  "a catcher without Output hands on error and cause": {
    machine: {
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [
            failWith("Mine"),
            { StartAt: "W", States: { W: { Type: "Wait", Seconds: 1e6, End: true } } },
          ],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }],
          End: true,
        },
        B: { Type: "Pass", End: true },
      },
    },
    input: { x: "it" },
    output: { Error: "Mine", Cause: "about it" },
  },
  "a misspelt key is an error that can be caught": {
    machine: {
      StartAt: "A",
      States: {
        A: invoke({
          Output: "{% $states.result.payload %}",
          Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "B" }],
          End: true,
        }),
        B: { Type: "Pass", Output: "{% $states.input.Error %}", End: true },
      },
    },
    output: "States.QueryEvaluationError",
  },
  "execution and machine are in the context": {
    machine: only({
      Type: "Pass",
      Output:
        "{% [$states.context.StateMachine.Name, $states.context.Execution.Input.a, $states.context.State.Name] %}",
    }),
    input: { a: 1 },
    output: ["m", 1, "A"],
  },
  "a timestamp that has passed does not wait": {
    machine: only({ Type: "Wait", Timestamp: "2020-01-01T00:00:00Z" }),
    input: 1,
    output: 1,
  },
};

test.each(Object.entries(SUCCEED))("%s", async (_, { machine, input, functions, output }) => {
  const { ending } = await run(machine, input, functions);
  expect(ending).toEqual({ status: "SUCCEEDED", output: expect.any(String) });
  expect(ending.status === "SUCCEEDED" && JSON.parse(ending.output)).toEqual(output);
});

const big = "x".repeat(262_144);
const FAIL: Record<string, { machine: object; functions?: Answers; error: string }> = {
  "an expression without a value": {
    machine: only({ Type: "Pass", Output: { a: "{% $states.input.nothing %}" } }),
    error: "States.QueryEvaluationError",
  },
  "a broken expression": {
    machine: only({ Type: "Pass", Output: "{% 1 + %}" }),
    error: "States.QueryEvaluationError",
  },
  $eval: {
    machine: only({ Type: "Pass", Output: "{% $eval('1') %}" }),
    error: "States.QueryEvaluationError",
  },
  "a condition that is no boolean": {
    machine: {
      StartAt: "A",
      States: { A: { Type: "Choice", Choices: [{ Condition: "{% 1 %}", Next: "A" }] } },
    },
    error: "States.QueryEvaluationError",
  },
  "a choice without a match": {
    machine: {
      StartAt: "A",
      States: { A: { Type: "Choice", Choices: [{ Condition: false, Next: "A" }] } },
    },
    error: "States.NoChoiceMatched",
  },
  "Items that are no array": {
    machine: only({ Type: "Map", Items: "{% 5 %}", ItemProcessor: done }),
    error: "States.QueryEvaluationError",
  },
  "a Fail state": { machine: failWith("Told"), error: "Told" },
  "more data than a state carries, whatever catches States.ALL": {
    machine: {
      StartAt: "A",
      States: {
        A: invoke({ End: true, Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }] }),
        B: { Type: "Pass", End: true },
      },
    },
    functions: { f: () => big },
    error: "States.DataLimitExceeded",
  },
  "a function error nobody catches, after the retries it has": {
    machine: only(invoke({ Retry: [{ ErrorEquals: ["States.TaskFailed"], MaxAttempts: 1 }] })),
    functions: { f: () => raise("Mine") },
    error: "Mine",
  },
  "a function in another region": {
    machine: only({
      Type: "Task",
      Resource: "arn:aws:lambda:eu-west-1:111111111111:function:f",
    }),
    error: "Lambda.ResourceNotFoundException",
  },
};

test.each(Object.entries(FAIL))(
  "%s ends the execution",
  async (_, { machine, functions, error }) => {
    const { ending } = await run(machine, { x: 1 }, functions);
    expect(ending).toMatchObject({ status: "FAILED", error });
  },
);

// The package has no types; require gives any.
const aslValidator = createRequire(import.meta.url)("asl-validator");

test.each(Object.entries(SUCCEED))("%s, and asl-validator agrees", (_, { machine }) => {
  const { isValid, errorsText } = aslValidator({ QueryLanguage: "JSONata", ...machine });
  expect(isValid, errorsText("; ")).toBe(true);
});
