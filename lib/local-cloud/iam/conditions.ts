import { matches, matchesArn } from "./pattern.ts";

/** What is known of a request, by condition key in lower case; absent: the request has no such key. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One comparison of a statement: all of a block have to hold. */
export interface Condition {
  readonly operator: string;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

type Compare = (wanted: string, given: string) => boolean;

const number =
  (compare: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    compare(Number(given), Number(wanted));

/** The positive operators. Negated ones hold where their positive does not. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: matches,
  // AWS documents that the two behave alike.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  NumericEquals: number((given, wanted) => given === wanted),
  NumericLessThan: number((given, wanted) => given < wanted),
  NumericLessThanEquals: number((given, wanted) => given <= wanted),
  NumericGreaterThan: number((given, wanted) => given > wanted),
  NumericGreaterThanEquals: number((given, wanted) => given >= wanted),
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
};

const OPERATOR = /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<name>\w+?)(?<ifExists>IfExists)?$/;

/** Whether this evaluator knows an operator: any other would be guessed. */
export function isOperator(operator: string): boolean {
  const name = OPERATOR.exec(operator)?.groups?.["name"] ?? "";
  return name === "Null" || name in OPERATORS || name in NEGATED;
}

/** @throws RangeError for an operator that `isOperator` does not know */
export function holds({ operator, key, values }: Condition, context: Context): boolean {
  const { set, name = "", ifExists } = OPERATOR.exec(operator)?.groups ?? {};
  const found = context[key];
  const given = found === undefined ? undefined : [found].flat();
  if (name === "Null") return values.some((value) => (value === "true") === (given === undefined));
  const isNegated = name in NEGATED;
  const compare = OPERATORS[NEGATED[name] ?? name];
  if (!compare) throw new RangeError(`IAM: the condition operator ${operator} is not known here`);
  if (given === undefined) {
    return set === "ForAllValues" || ifExists !== undefined || (isNegated && set === undefined);
  }
  const fits = (one: string) => values.some((wanted) => compare(wanted, one)) !== isNegated;
  if (set === "ForAnyValue") return given.some(fits);
  return given.every(fits);
}
