import { z } from "zod";
import { didYouMean, type Mistake, shown } from "./mistake.ts";
import type { Path } from "./problem.ts";
import { isRecord, merged, valueAt, without } from "./values.ts";

type Issue = z.core.$ZodIssue;

/** What a value has, wrongly, against a schema; `prefix` is where the value stands in the file. */
export function shapeMistakes(schema: z.ZodType, value: unknown, prefix: Path = []): Mistake[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => mistakesOf(issue, schema, value, prefix));
}

export interface Salvaged<T> {
  readonly value: T;
  /** Keys of the value below which something was wrong and was left out or stood in for. */
  readonly doubtful: ReadonlySet<string>;
}

/**
 * The value without its offending parts, so that the rest can still be judged. `standIn` supplies what
 * the schema demands and the value lacks; undefined if that is not enough.
 */
export function salvage<S extends z.ZodType>(
  schema: S,
  value: unknown,
  standIn: unknown = {},
): Salvaged<z.output<S>> | undefined {
  const first = schema.safeParse(value);
  if (first.success) return { value: first.data, doubtful: new Set() };
  const rest = first.error.issues.reduce<unknown>(leaveOut, value);
  const second = schema.safeParse(isRecord(rest) ? merged(standIn, rest) : rest);
  if (!second.success) return undefined;
  const wrong = first.error.issues.filter(({ code }) => code !== "unrecognized_keys");
  return { value: second.data, doubtful: new Set(wrong.map(({ path }) => String(path[0]))) };
}

function leaveOut(value: unknown, issue: Issue): unknown {
  const keys = issue.code === "unrecognized_keys" ? issue.keys : undefined;
  const paths = keys ? keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.reduce<unknown>((rest, path) => without(rest, path as Path), value);
}

function mistakesOf(issue: Issue, schema: z.ZodType, root: unknown, prefix: Path): Mistake[] {
  const own = issue.path as Path;
  const path = [...prefix, ...own];
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, own);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key${didYouMean(key, known) || `; known are ${known.join(", ")}`}`,
      atKey: true,
    }));
  }
  const value = valueAt(root, own);
  const expected = expectation(issue);
  if (issue.code === "invalid_key") {
    const key = String(own.at(-1));
    return [{ path, message: `'${key}': expected ${expected}${hint(issue, key)}`, atKey: true }];
  }
  if (value === undefined) return [{ path, message: `is missing: expected ${expected}` }];
  return [{ path, message: `${shown(value)}: expected ${expected}${hint(issue, value)}` }];
}

/** Our own words where the schema has them, zod's kind of value where not. */
function expectation(issue: Issue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "another key";
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  return issue.code === "invalid_type"
    ? (KINDS[issue.expected] ?? issue.expected)
    : "another value";
}

const KINDS: Readonly<Record<string, string>> = {
  object: "keys with values",
  record: "keys with values",
  array: "a list",
};

function hint(issue: Issue, value: unknown): string {
  const inner = issue.code === "invalid_key" ? issue.issues[0] : issue;
  if (inner?.code !== "invalid_value" || typeof value !== "string") return "";
  return didYouMean(value, inner.values.map(String));
}

/** The keys an object schema knows at a path, through optionals, defaults, lists and records. */
function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const bare = unwrapped(schema);
  const [step, ...rest] = path;
  const kinds = bare instanceof z.ZodDiscriminatedUnion ? bare.options : [bare];
  if (step === undefined) return [...new Set(kinds.flatMap(keysOf))];
  const [next] = kinds.flatMap((kind) => childOf(kind, step) ?? []);
  return next ? keysAt(next, rest) : [];
}

const keysOf = (schema: z.core.$ZodType) =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

function childOf(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  const shape: unknown = schema instanceof z.ZodObject ? schema.shape : {};
  return isRecord(shape) ? (shape[step] as z.core.$ZodType | undefined) : undefined;
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType ? unwrapped(innerType) : schema;
}
