import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from "yaml";
import { FleetError, type Path } from "./problem.ts";

interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML file as plain values, with the place of each. */
export interface Source {
  readonly value: unknown;
  /** Of the value at a path, or of the innermost value above it that exists. */
  placeOf(path: Path): Place;
  /** Of the key itself rather than of its value. */
  placeOfKey(path: Path): Place;
}

/** Aliases may repeat values this often in all; more is an attack or a mistake. */
const MOST_ALIASES = 10_000;

/** Reads YAML 1.2. Throws FleetError for anything that is no single, well-formed, UTF-8 document. */
export function parseSource(input: string | Uint8Array, fileName: string): Source {
  const fail = (message: string, place: Place = START, cause?: unknown): never => {
    const problem = { ...place, path: "", message, kind: "input" } as const;
    throw new FleetError(fileName, [problem], { cause });
  };
  const text = typeof input === "string" ? input : (decode(input) ?? fail(NOT_TEXT));
  if (text.includes("\0")) fail(NOT_TEXT);
  if (text.trim() === "") fail("is empty; start from examples/fleet.yaml");
  const counter = new LineCounter();
  const at = placer(counter);
  try {
    const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
    if (document.errors.length > 0) throw syntaxError(fileName, text, document.errors, at);
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return { value, ...placesIn(document, at) };
  } catch (cause) {
    if (cause instanceof FleetError) throw cause;
    return fail(unreadable(cause), START, cause);
  }
}

const START: Place = { line: 1, column: 1 };
const NOT_TEXT = "is no text in UTF-8: expected a YAML file (is this a binary, or UTF-16?)";

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(cause: unknown): string {
  if (cause instanceof RangeError) return "is nested too deeply to be a fleet";
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (reason.startsWith("Excessive alias count")) {
    return `aliases (*name) repeat more than ${MOST_ALIASES} values: write them out`;
  }
  return `is no YAML: ${reason}`;
}

/** After one real mistake the rest is noise, except for tabs and repeated keys, which stand for themselves. */
function syntaxError(fileName: string, text: string, errors: readonly YAMLError[], at: At) {
  const tabs = [...text.matchAll(/^ *\t/gm)].map(({ index }) => ({
    ...at(index),
    message: "a tab indents here: use spaces",
  }));
  const repeated = errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const told = repeated.length > 0 ? repeated : errors.slice(0, 1);
  const others = told.map(({ pos, message }) => ({
    ...at(pos[0]),
    message: `is no YAML here: ${message}`,
  }));
  const problems = (tabs.length > 0 ? tabs : others).map(
    (problem) => ({ ...problem, path: "", kind: "input" }) as const,
  );
  return new FleetError(fileName, problems);
}

type At = (offset: number) => Place;

const placer =
  (counter: LineCounter): At =>
  (offset) => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };

function placesIn(document: Document, at: At): Omit<Source, "value"> {
  const placeOf = (path: Path): Place => at(offsetOf(nearest(document, path)) ?? 0);
  const placeOfKey = (path: Path): Place => {
    const key = keyNode(nearest(document, path.slice(0, -1)), path.at(-1));
    return at(offsetOf(key) ?? offsetOf(nearest(document, path)) ?? 0);
  };
  return { placeOf, placeOfKey };
}

const offsetOf = (node: unknown) => (isNode(node) ? node.range?.[0] : undefined);

/** The node at a path, or the last one on the way that exists. */
function nearest(document: Document, path: Path): unknown {
  let node: unknown = document.contents;
  for (const step of path) {
    const next = child(isAlias(node) ? node.resolve(document) : node, step);
    if (!isNode(next)) return node;
    node = next;
  }
  return node;
}

function child(node: unknown, step: string | number): unknown {
  if (isMap(node)) {
    return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value;
  }
  return isSeq(node) ? node.items[Number(step)] : undefined;
}

function keyNode(node: unknown, step: string | number | undefined): unknown {
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.key;
}
