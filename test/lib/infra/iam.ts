import { matchesGlob } from "node:path";
import type { Template } from "aws-cdk-lib/assertions";
import { policiesOf } from "./templates.ts";

/** What IAM knows of a call on one resource. */
export interface Asked {
  readonly action: string;
  readonly arn: string;
  /** Of the resource. */
  readonly tagged?: Readonly<Record<string, string>>;
  /** In the request. */
  readonly tagging?: Readonly<Record<string, string>>;
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Logical ids of the roles that may. Knows the operators and keys that templates of ours use, and throws at any other. */
export const rolesThatMay = (template: Template, asked: Asked): readonly string[] => {
  const verdicts = new Map<string, Set<"Allow" | "Deny">>();
  for (const { roles, statements } of policiesOf(template)) {
    const effects = (statements as unknown as readonly Statement[])
      .filter((statement) => applies(statement, asked))
      .map(({ Effect }) => Effect);
    for (const role of roles) {
      verdicts.set(role, new Set([...(verdicts.get(role) ?? []), ...effects]));
    }
  }
  return [...verdicts].flatMap(([role, said]) =>
    said.has("Allow") && !said.has("Deny") ? [role] : [],
  );
};

const applies = ({ Action, Resource, Condition = {} }: Statement, asked: Asked): boolean =>
  [Action].flat().includes(asked.action) &&
  [Resource].flat().some((each) => typeof each === "string" && matches(each, asked.arn)) &&
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, key, [wanted].flat(), asked)),
  );

/** `*` of IAM crosses everything. */
const matches = (pattern: string, arn: string) =>
  matchesGlob(arn.replaceAll("/", "|"), pattern.replaceAll("/", "|").replaceAll("*", "**"));

function holds(operator: string, key: string, wanted: readonly unknown[], asked: Asked): boolean {
  const values = valuesOf(key, asked);
  switch (operator) {
    case "StringEquals":
      return values.some((value) => wanted.includes(value));
    case "ForAllValues:StringEquals":
      return values.every((value) => wanted.includes(value));
    case "Null":
      return wanted.includes(String(values.length === 0));
    default:
      throw new Error(`the test knows no operator ${operator}`);
  }
}

function valuesOf(key: string, { tagged = {}, tagging = {} }: Asked): readonly string[] {
  if (key === "aws:TagKeys") return Object.keys(tagging);
  const [kind, name = ""] = key.split("/", 2);
  const tags = { "aws:ResourceTag": tagged, "aws:RequestTag": tagging }[kind ?? ""];
  if (!tags) throw new Error(`the test knows no key ${key}`);
  return tags[name] === undefined ? [] : [tags[name]];
}
