import { Document, isCollection, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { wrap } from "../../drill/wrap.ts";
import type { Entry, Leaf, Section } from "./draft.ts";

const WIDTH = 78;
/** A note that fits behind its value stands there. */
const BESIDE = 44;

/** A draft as YAML. What is asked is marked `# ?`, what is in the way of a promise `# !`. */
export function draftYaml(
  fleet: Section,
  head: readonly string[],
  tail: readonly string[],
): string {
  const document = new Document();
  document.commentBefore = commentOf(head, WIDTH);
  const root = mapOf(fleet, 0);
  for (const { key } of root.items.slice(1)) (key as Scalar).spaceBefore = true;
  document.contents = root as never;
  if (tail.length > 0) document.comment = commentOf(tail, WIDTH);
  return document.toString({ nullStr: "", lineWidth: 0, flowCollectionPadding: false });
}

function mapOf({ entries, remarks = [] }: Section, depth: number): YAMLMap {
  const map = new YAMLMap();
  for (const [name, entry] of entries) {
    const key = new Scalar(name);
    const value = nodeOf(entry, depth + 1);
    const above = [
      ...aboveOf(entry),
      ...(entry.kind === "section" ? (entry.section.remarks ?? []) : []),
    ];
    if (above.length > 0) key.commentBefore = commentOf(above, WIDTH - 2 * depth);
    map.items.push(new Pair(key, value));
  }
  if (remarks.length > 0 && depth > 0) map.commentBefore = commentOf(remarks, WIDTH - 2 * depth);
  return map;
}

function nodeOf(entry: Entry, depth: number): YAMLMap | YAMLSeq | Scalar {
  if (entry.kind === "section") return mapOf({ entries: entry.section.entries }, depth);
  if (entry.kind === "list") {
    const seq = new YAMLSeq();
    for (const each of entry.sections) {
      const item = mapOf(each, depth + 1);
      item.spaceBefore = seq.items.length > 0;
      seq.items.push(item);
    }
    return seq;
  }
  const { value } = entry.leaf;
  const node = new Document(value ?? null).contents as Scalar | YAMLSeq;
  if (isCollection(node)) node.flow = true;
  const beside = wordsOf(entry.leaf);
  if (beside !== undefined && beside.length <= BESIDE) node.comment = ` ${beside}`;
  return node;
}

function aboveOf(entry: Entry): readonly string[] {
  const words = entry.kind === "leaf" ? wordsOf(entry.leaf) : undefined;
  return words !== undefined && words.length > BESIDE ? [words] : [];
}

function wordsOf({ note, question }: Leaf): string | undefined {
  const words = question === undefined ? note : `? ${question}`;
  return words?.replaceAll(/\p{Cc}+/gu, " ");
}

/** Commands, which are indented, stay in one line: they are to be copied. */
const commentOf = (lines: readonly string[], width: number) =>
  lines
    .flatMap((line) => (line.startsWith("  ") || line === "" ? [line] : wrap(line, width - 2)))
    .map((line) => (line === "" ? "" : ` ${line.replaceAll(/\p{Cc}+/gu, " ")}`))
    .join("\n");
