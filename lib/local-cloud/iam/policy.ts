import { type Condition, isOperator } from "./conditions.ts";
import { isKnownKey } from "./keys.ts";

/** Which principals a statement of a resource's policy is about, by kind: `AWS`, `Service`, `Federated`. */
export type Principals = Readonly<Record<string, readonly string[]>>;

/** A statement as it is evaluated: lists where a document may have single values. */
export interface Statement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  /** Patterns; one of a pair. Policies of roles to take on have no resources. */
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** Only in policies of resources. */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** A policy cannot be evaluated here, or by nobody: whoever deploys it is told. */
export class PolicyRefused extends Error {
  override readonly name = "PolicyRefused";
}

const ELEMENTS = [
  ...["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"],
];

/** Statements of a policy document. @throws PolicyRefused for whatever is not known here */
export function statementsOf(document: unknown, place: string): readonly Statement[] {
  const statements = isObject(document) ? document["Statement"] : undefined;
  return listOf(statements).map((given, index) => statement(given, `${place}, statement ${index}`));
}

function statement(given: unknown, place: string): Statement {
  if (!isObject(given)) throw new PolicyRefused(`${place}: expected an object, got ${given}`);
  const unknown = Object.keys(given).find((name) => !ELEMENTS.includes(name));
  if (unknown !== undefined) throw new PolicyRefused(`${place}: ${unknown} is not known here`);
  const { Sid = "", Effect, Principal } = given;
  if (Effect !== "Allow" && Effect !== "Deny")
    throw new PolicyRefused(`${place}: Effect is '${Effect}', expected Allow or Deny`);
  return {
    sid: String(Sid),
    effect: Effect,
    ...patterns(given, "Action", "actions", "notActions", place),
    ...patterns(given, "Resource", "resources", "notResources", place),
    ...(Principal !== undefined && { principals: principalsOf(Principal) }),
    conditions: conditionsOf(given["Condition"], place),
  };
}

function patterns(given: Json, name: string, plain: string, negated: string, place: string) {
  const isNegated = given[`Not${name}`] !== undefined;
  const values = textsOf(isNegated ? given[`Not${name}`] : given[name], place);
  return values.length === 0 ? {} : { [isNegated ? negated : plain]: values };
}

/** Variables would have to be filled in from the request. */
function textsOf(given: unknown, place: string): readonly string[] {
  const texts = listOf(given).map(String);
  const variable = texts.find((text) => text.includes("${"));
  if (variable === undefined) return texts;
  throw new PolicyRefused(`${place}: policy variables are not known here: ${variable}`);
}

function principalsOf(given: unknown): Principals {
  if (!isObject(given)) return { AWS: listOf(given).map(String) };
  return Object.fromEntries(
    Object.entries(given).map(([kind, values]) => [kind, listOf(values).map(String)]),
  );
}

function conditionsOf(given: unknown, place: string): readonly Condition[] {
  if (!isObject(given)) return [];
  return Object.entries(given).flatMap(([operator, block]) => {
    if (!isOperator(operator))
      throw new PolicyRefused(`${place}: the condition operator ${operator} is not known here`);
    return Object.entries(isObject(block) ? block : {}).map(([name, values]) => {
      const key = name.toLowerCase();
      if (!isKnownKey(key))
        throw new PolicyRefused(`${place}: the condition key ${name} is not known here`);
      return { operator, key, values: textsOf(values, place) };
    });
  });
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
