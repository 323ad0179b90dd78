import { readFileSync } from "node:fs";

/** A block of the README's section "First deploy": what is typed, and what it has to print. */
export interface Block {
  /** One shell script. */
  readonly typed: string;
  /** Lines that follow each other in what is printed; `…` is anything. */
  readonly printed: readonly string[];
}

const FENCE = "```";

/** In the order of the document. Throws if it has none. */
export function blocksOf(document = "README.md", heading = "## First deploy"): readonly Block[] {
  const text = readFileSync(document, "utf8");
  const section = text.split(`${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const blocks: { typed: string; printed: string[] }[] = [];
  let isFenced = false;
  for (const line of section.split("\n")) {
    const isTyped = /^ {7}\S|^ {9}/.test(line);
    if (line.trim() === FENCE) isFenced = !isFenced;
    else if (isFenced) blocks.at(-1)?.printed.push(line.trim());
    else if (isTyped) append(blocks, line.slice(7));
  }
  if (blocks.length === 0) throw new Error(`${document}: no commands below '${heading}'`);
  return blocks;
}

/** A line after a backslash belongs to the one before it. */
function append(blocks: { typed: string; printed: string[] }[], line: string): void {
  const last = blocks.at(-1);
  if (last?.typed.endsWith("\\")) last.typed += `\n${line}`;
  else blocks.push({ typed: line, printed: [] });
}

/** The first line that was not printed after those before it; undefined: all were. */
export function notPrinted(output: string, lines: readonly string[]): string | undefined {
  let rest = output.split("\n").map((line) => line.trim());
  for (const line of lines) {
    const parts = line.split("…");
    const at = rest.findIndex((each) => hasParts(each, parts));
    if (at < 0) return line;
    rest = rest.slice(at + 1);
  }
  return undefined;
}

/** From beginning to end, with anything between. */
function hasParts(line: string, [head = "", ...parts]: readonly string[]): boolean {
  const tail = parts.pop();
  if (tail === undefined) return line === head;
  if (!line.startsWith(head)) return false;
  let rest = line.slice(head.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(tail);
}
