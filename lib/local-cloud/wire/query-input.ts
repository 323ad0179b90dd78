import type { NormalizedSchema } from "@smithy/core/schema";
import { membersOf } from "./members.ts";
import { fromText } from "./text-values.ts";

/** A form's dotted keys as a tree: `Tags.member.1.Key=a` → Tags → member → 1 → Key. */
type Tree = Map<string, Tree | string>;

/** Reads an awsQuery form by the schema of the operation's input. */
export function readQuery(schema: NormalizedSchema, form: URLSearchParams): unknown {
  return readNode(schema, treeOf(form)) ?? {};
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

function readNode(schema: NormalizedSchema, node: Tree | string | undefined): unknown {
  if (node === undefined) return undefined;
  if (schema.isStructSchema()) return readStructure(schema, asTree(node));
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, asTree(node));
  return typeof node === "string" ? fromText(schema, node) : undefined;
}

function readStructure(schema: NormalizedSchema, node: Tree): Record<string, unknown> {
  const entries = membersOf(schema)
    .map(({ name, schema: member }) => [name, readNode(member, node.get(nameOf(member, name)))])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

function readList(schema: NormalizedSchema, node: Tree | string): unknown[] {
  // An empty list is sent as `Name=`.
  if (typeof node === "string") return [];
  const element = schema.getValueSchema();
  const items = isFlat(schema) ? node : asTree(node.get(nameOf(element, "member")));
  return [...items]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => readNode(element, item));
}

function readMap(schema: NormalizedSchema, node: Tree): Record<string, unknown> {
  const value = schema.getValueSchema();
  const entries = isFlat(schema) ? node : asTree(node.get("entry"));
  return Object.fromEntries(
    [...entries.values()].map((entry) => [
      asTree(entry).get(nameOf(schema.getKeySchema(), "key")),
      readNode(value, asTree(entry).get(nameOf(value, "value"))),
    ]),
  );
}

const asTree = (node: Tree | string | undefined): Tree => (node instanceof Map ? node : new Map());
const isFlat = (schema: NormalizedSchema) => Boolean(schema.getMergedTraits().xmlFlattened);
const nameOf = (schema: NormalizedSchema, otherwise: string) =>
  schema.getMergedTraits().xmlName ?? otherwise;
