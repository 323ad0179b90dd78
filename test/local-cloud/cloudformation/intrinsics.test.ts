// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds, type Names, resolve } from "../../../lib/local-cloud/cloudformation/intrinsics.ts";
import { creationOrder } from "../../../lib/local-cloud/cloudformation/order.ts";

const names: Names = {
  pseudo: { "AWS::Region": "eu-central-1", "AWS::AccountId": "111111111111" },
  created: new Map([
    ["Bucket", { ref: "ledger", attributes: { Arn: "arn:aws:s3:::ledger", "A.B": 7 } }],
  ]),
  template: {
    Parameters: { Size: { Default: "5" } },
    Conditions: {
      Here: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] },
      Away: { "Fn::Not": [{ Condition: "Here" }] },
      Both: { "Fn::And": [{ Condition: "Here" }, { Condition: "Away" }] },
      Either: { "Fn::Or": [{ Condition: "Here" }, { Condition: "Away" }] },
    },
    Mappings: { Sizes: { small: { mb: 128 } } },
  },
};

test.each([
  ["a resource's Ref", { Ref: "Bucket" }, "ledger"],
  ["a parameter's default", { Ref: "Size" }, "5"],
  ["a pseudo parameter", { Ref: "AWS::Region" }, "eu-central-1"],
  ["an attribute", { "Fn::GetAtt": ["Bucket", "Arn"] }, "arn:aws:s3:::ledger"],
  ["an attribute in short form, with a dot in it", { "Fn::GetAtt": "Bucket.A.B" }, 7],
  ["Join over others", { "Fn::Join": ["", ["x/", { Ref: "Bucket" }]] }, "x/ledger"],
  [
    "Sub with refs, attributes and literals",
    { "Fn::Sub": "${Bucket} ${Bucket.Arn} ${!Keep}" },
    "ledger arn:aws:s3:::ledger ${Keep}",
  ],
  [
    "Sub with variables of its own",
    { "Fn::Sub": ["${A}-${AWS::Region}", { A: { Ref: "Size" } }] },
    "5-eu-central-1",
  ],
  ["Select of Split", { "Fn::Select": [1, { "Fn::Split": [":", "a:b:c"] }] }, "b"],
  ["If, the branch that holds", { "Fn::If": ["Away", "x", "y"] }, "y"],
  [
    "If, and the other branch is not even looked at",
    { "Fn::If": ["Here", 1, { Ref: "Nothing" }] },
    1,
  ],
  [
    "a property without value",
    { a: 1, b: { Ref: "AWS::NoValue" }, c: [{ Ref: "AWS::NoValue" }, 2] },
    { a: 1, c: [2] },
  ],
  ["FindInMap", { "Fn::FindInMap": ["Sizes", "small", "mb"] }, 128],
  ["Base64", { "Fn::Base64": "hi" }, "aGk="],
  [
    "a policy's Condition block",
    { Condition: { Bool: { x: "true" } } },
    { Condition: { Bool: { x: "true" } } },
  ],
])("%s", (_, value, expected) => {
  expect(resolve(value, names)).toEqual(expected);
});

test.each([
  ["Here", true],
  ["Away", false],
  ["Both", false],
  ["Either", true],
])("condition %s is %s", (condition, expected) => {
  expect(holds(condition, names)).toBe(expected);
});

test.each([
  [{ "Fn::ImportValue": "x" }, "Fn::ImportValue is not supported"],
  [{ "Fn::Transform": {} }, "Fn::Transform is not supported"],
  [{ Ref: "Nothing" }, "Ref Nothing: no such resource"],
  [{ "Fn::GetAtt": ["Bucket", "Nope"] }, "Fn::GetAtt Bucket.Nope"],
])("%j is refused", (value, message) => {
  expect(() => resolve(value, names)).toThrow(message);
});

test("what holds no intrinsic function stays as it is", () => {
  const plain = fc
    .jsonValue()
    .filter((value) => !/"(Ref|Condition|Fn::)/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(plain, (value) => {
      expect(resolve(value, names)).toEqual(value);
    }),
  );
});

describe("order of creation", () => {
  test("every resource comes after those it names, however it names them", () => {
    const Resources = {
      A: { Type: "T", Properties: { x: { "Fn::Sub": "${B.Arn}/${AWS::Region}" } } },
      B: { Type: "T", Properties: { x: [{ "Fn::GetAtt": ["C", "Arn"] }] } },
      C: { Type: "T", DependsOn: ["D"] },
      D: { Type: "T", DependsOn: "E" },
      E: { Type: "T", Properties: { x: { y: { Ref: "F" } } } },
      F: { Type: "T", Properties: { x: { Ref: "AWS::Region" } } },
    };
    expect(creationOrder({ Resources })).toEqual(["F", "E", "D", "C", "B", "A"]);
  });

  test("a circle is named", () => {
    const Resources = { A: { Type: "T", DependsOn: "B" }, B: { Type: "T", DependsOn: "A" } };
    expect(() => creationOrder({ Resources })).toThrow("circular dependency: A → B → A");
  });
});
