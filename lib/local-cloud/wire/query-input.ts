import type { NormalizedSchema } from "@smithy/core/schema";
import { membersOf } from "./members.ts";
import { fromText } from "./text-values.ts";

/** A form's dotted keys as a tree: `Tags.member.1.Key=a` → Tags → member → 1 → Key. */
type Tree = Map<string, Tree | string>;

/** Where the two kinds of forms differ. */
export interface Dialect {
  /** Key of a structure's member. */
  nameOf(schema: NormalizedSchema, otherwise: string): string;
  /** Whether a list's numbers follow its name at once: `Tags.1`. */
  isFlat(schema: NormalizedSchema): boolean;
}

const traitsOf = (schema: NormalizedSchema) => schema.getMergedTraits();
const nameOf = (schema: NormalizedSchema, otherwise: string) =>
  traitsOf(schema).xmlName ?? otherwise;

export const AWS_QUERY: Dialect = {
  nameOf,
  isFlat: (schema) => Boolean(traitsOf(schema).xmlFlattened),
};

/** EC2's own: every list is flat, and keys begin with a capital. */
export const EC2_QUERY: Dialect = {
  nameOf(schema, otherwise) {
    const { ec2QueryName } = traitsOf(schema) as { readonly ec2QueryName?: string };
    return ec2QueryName ?? nameOf(schema, otherwise).replace(/^./, (first) => first.toUpperCase());
  },
  isFlat: () => true,
};

/** Reads a form by the schema of the operation's input. */
export function readQuery(
  schema: NormalizedSchema,
  form: URLSearchParams,
  dialect: Dialect,
): unknown {
  return readNode(schema, treeOf(form), dialect) ?? {};
}

function treeOf(form: URLSearchParams): Tree {
  const root: Tree = new Map();
  for (const [key, value] of form) {
    const parts = key.split(".");
    const leaf = parts.pop() ?? "";
    let node = root;
    for (const part of parts) node = branch(node, part);
    node.set(leaf, value);
  }
  return root;
}

function branch(node: Tree, part: string): Tree {
  const before = node.get(part);
  if (before instanceof Map) return before;
  const made: Tree = new Map();
  node.set(part, made);
  return made;
}

function readNode(
  schema: NormalizedSchema,
  node: Tree | string | undefined,
  dialect: Dialect,
): unknown {
  if (node === undefined) return undefined;
  if (schema.isStructSchema()) return readStructure(schema, asTree(node), dialect);
  if (schema.isListSchema()) return readList(schema, node, dialect);
  if (schema.isMapSchema()) return readMap(schema, asTree(node), dialect);
  return typeof node === "string" ? fromText(schema, node) : undefined;
}

function readStructure(
  schema: NormalizedSchema,
  node: Tree,
  dialect: Dialect,
): Record<string, unknown> {
  const entries = membersOf(schema)
    .map(({ name, schema: member }) => {
      return [name, readNode(member, node.get(dialect.nameOf(member, name)), dialect)];
    })
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

function readList(schema: NormalizedSchema, node: Tree | string, dialect: Dialect): unknown[] {
  // An empty list is sent as `Name=`.
  if (typeof node === "string") return [];
  const element = schema.getValueSchema();
  const items = dialect.isFlat(schema) ? node : asTree(node.get(nameOf(element, "member")));
  return [...items]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => readNode(element, item, dialect));
}

function readMap(schema: NormalizedSchema, node: Tree, dialect: Dialect): Record<string, unknown> {
  const value = schema.getValueSchema();
  const entries = dialect.isFlat(schema) ? node : asTree(node.get("entry"));
  return Object.fromEntries(
    [...entries.values()].map((entry) => [
      asTree(entry).get(nameOf(schema.getKeySchema(), "key")),
      readNode(value, asTree(entry).get(nameOf(value, "value")), dialect),
    ]),
  );
}

const asTree = (node: Tree | string | undefined): Tree => (node instanceof Map ? node : new Map());
