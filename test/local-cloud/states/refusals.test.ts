import { expect, test } from "vitest";
import { parseDefinition } from "../../../lib/local-cloud/states/parse.ts";

const machine = (state: object, more: object = { QueryLanguage: "JSONata" }) =>
  JSON.stringify({ ...more, StartAt: "Ask", States: { Ask: { End: true, ...state } } });
const pass = { Type: "Pass" };
const within = (state: object) => ({
  StartAt: "Inner",
  States: { Inner: { End: true, ...state } },
});

test.each([
  [
    "JSONPath by default",
    machine(pass, {}),
    "QueryLanguage: JSONPath (the default) is not run here",
  ],
  ["JSONPath by name", machine(pass, { QueryLanguage: "JSONPath" }), "QueryLanguage: JSONPath"],
  [
    "a state in JSONPath",
    machine({ ...pass, QueryLanguage: "JSONPath" }),
    "state Ask, QueryLanguage",
  ],
  ["a JSONPath field", machine({ ...pass, InputPath: "$.x" }), "state Ask, InputPath: belongs to"],
  [
    "a JSONPath field inside a map",
    machine({ Type: "Map", ItemProcessor: within({ ...pass, ResultPath: "$" }) }),
    "state Inner, ResultPath",
  ],
  [
    "another service",
    machine({ Type: "Task", Resource: "arn:aws:states:::sns:publish" }),
    "'arn:aws:states:::sns:publish' is not supported",
  ],
  [
    "a map reader",
    machine({ Type: "Map", ItemReader: {}, ItemProcessor: within(pass) }),
    "state Ask, ItemReader: not supported in a Map state",
  ],
  ["an unknown type", machine({ Type: "Sleep" }), "'Sleep' is unknown"],
  [
    "a transition to nowhere",
    machine({ ...pass, End: undefined, Next: "Gone" }),
    "leads to 'Gone'",
  ],
  ["no transition", machine({ ...pass, End: undefined }), 'expected either "Next" or "End": true'],
  ["no JSON", "{", "not JSON"],
  ["no states", '{"QueryLanguage":"JSONata"}', "States: missing"],
])("%s is refused in one line that names the place", (_, text, expected) => {
  const attempt = () => parseDefinition(text, "failover");
  expect(attempt).toThrow(expected);
  expect(attempt).toThrow(/^state machine failover, [^\n]*$/);
});
