import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { AwsError } from "../wire/service.ts";

/** By attribute name; every attribute must satisfy one of its rules. */
export type FilterPolicy = Readonly<Record<string, readonly Rule[]>>;

type Literal = string | number | boolean | null;
type Rule =
  | { readonly kind: "equals"; readonly value: Literal }
  | { readonly kind: "prefix"; readonly prefix: string }
  | { readonly kind: "suffix"; readonly suffix: string }
  | { readonly kind: "anything-but"; readonly rules: readonly Rule[] }
  | { readonly kind: "exists"; readonly exists: boolean };

export type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/** Throws InvalidParameterException for JSON that is none, or operators the local cloud lacks. */
export function parseFilterPolicy(json: string): FilterPolicy {
  const policy = parseObject(json);
  return Object.fromEntries(
    Object.entries(policy).map(([name, rules]) => {
      if (!Array.isArray(rules)) throw invalid(`"${name}" must be an array`);
      return [name, rules.map(parseRule)];
    }),
  );
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The same complaint as for JSON that is no object.
  }
  throw invalid(`'${json}' is not a JSON object`);
}

function parseRule(rule: unknown): Rule {
  if (typeof rule !== "object" || rule === null) return { kind: "equals", value: rule as Literal };
  const [[operator, value] = ["", undefined], ...more] = Object.entries(rule);
  const parse = PARSERS[operator];
  const parsed = more.length === 0 ? parse?.(value) : undefined;
  if (parsed) return parsed;
  throw invalid(
    `the local cloud knows exact values, ${Object.keys(PARSERS).join(", ")}; it got ${JSON.stringify(rule)}`,
  );
}

const PARSERS: Readonly<Record<string, (value: unknown) => Rule | undefined>> = {
  prefix: (prefix) => (typeof prefix === "string" ? { kind: "prefix", prefix } : undefined),
  suffix: (suffix) => (typeof suffix === "string" ? { kind: "suffix", suffix } : undefined),
  exists: (exists) => (typeof exists === "boolean" ? { kind: "exists", exists } : undefined),
  "anything-but": (value) => ({
    kind: "anything-but",
    rules: (Array.isArray(value) ? value : [value]).map(parseRule),
  }),
};

const invalid = (why: string) =>
  new AwsError("InvalidParameterException", `Invalid parameter: FilterPolicy: ${why}`);

/** Whether a message with these attributes passes. */
export function passes(policy: FilterPolicy, attributes: Attributes): boolean {
  return Object.entries(policy).every(([name, rules]) => {
    const values = valuesOf(attributes[name]);
    return rules.some((rule) => satisfies(rule, values));
  });
}

/** An attribute's values; none when it is absent. */
function valuesOf(attribute: MessageAttributeValue | undefined): readonly Literal[] {
  if (!attribute) return [];
  const { DataType: type = "String", StringValue: text = "" } = attribute;
  if (type.startsWith("String.Array")) return JSON.parse(text);
  return type.startsWith("Number") ? [Number(text)] : [text];
}

function satisfies(rule: Rule, values: readonly Literal[]): boolean {
  switch (rule.kind) {
    case "exists":
      return rule.exists === values.length > 0;
    case "equals":
      return values.includes(rule.value);
    case "prefix":
      return values.some((value) => String(value).startsWith(rule.prefix));
    case "suffix":
      return values.some((value) => String(value).endsWith(rule.suffix));
    case "anything-but":
      return values.some((value) => !rule.rules.some((each) => satisfies(each, [value])));
    default:
      return rule satisfies never;
  }
}
