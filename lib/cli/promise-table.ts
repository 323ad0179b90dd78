import pc from "picocolors";
import type { PromiseLine } from "../sla/promise-line.ts";

const WIDTH = 80;
const WIDTHS = { promise: 22, status: 15, promised: 11, achievable: 10, margin: 7 } as const;
/** Where nothing is known to be achievable, the promise has the room of three columns. */
const WIDE = WIDTHS.promised + WIDTHS.achievable + WIDTHS.margin + 2;

const STATUS = {
  kept: "kept",
  conditional: "kept if …",
  broken: "BROKEN",
  "not-yet-covered": "not yet covered",
} as const;
const COVERS = { database: "db", application: "app+db" } as const;

type Paint = ReturnType<typeof pc.createColors>;

/** One block an instance, at most 80 columns wide; colours only where `coloured`. */
export function promiseTable(lines: readonly PromiseLine[], coloured: boolean): string {
  const paint = pc.createColors(coloured && pc.isColorSupported);
  const blocks = Map.groupBy(lines, ({ instance }) => instance);
  return [...blocks.values()].map((block) => instanceBlock(block, paint)).join("\n\n");
}

/** `3 instances: 12 promises kept, 0 broken, 9 kept if …, 24 not yet covered` */
export function summaryOf(lines: readonly PromiseLine[]): string {
  const instances = new Set(lines.map(({ instance }) => instance)).size;
  const count = (status: PromiseLine["status"]) =>
    lines.filter((line) => line.status === status).length;
  const plural = instances === 1 ? "" : "s";
  return `${instances} instance${plural}: ${count("kept")} promises kept, ${count("broken")} broken, ${count("conditional")} kept if …, ${count("not-yet-covered")} not yet covered`;
}

function instanceBlock(lines: readonly PromiseLine[], paint: Paint): string {
  const [first] = lines;
  const title = paint.bold(`${first?.instance} (${first?.plan})`);
  const header = row("promise", "", columns("promised", "achievable", "margin"), "covers");
  return [title, paint.dim(header), ...lines.flatMap((line) => rowsOf(line, paint))].join("\n");
}

function rowsOf(line: PromiseLine, paint: Paint): readonly string[] {
  const { promise, status, promised, achievable, margin, restsOn, change, covers } = line;
  const inColumns = columns(promised, achievable ?? "", margin ?? "");
  const fits = inColumns.length <= WIDE;
  const text = achievable === undefined ? promised : `${promised}: ${achievable}`;
  const advice = change === undefined ? [] : wrapped(`→ ${change}`);
  return [
    PAINT[status](row(promise, STATUS[status], fits ? inColumns : "", COVERS[covers]), paint),
    ...(fits ? [] : wrapped(text).map((detail) => paint.dim(detail))),
    ...(restsOn === undefined ? [] : wrapped(restsOn).map((detail) => paint.dim(detail))),
    ...advice.map((detail) => paint.yellow(detail)),
  ];
}

const PAINT: Readonly<Record<PromiseLine["status"], (text: string, paint: Paint) => string>> = {
  kept: (text, paint) => paint.green(text),
  broken: (text, paint) => paint.red(text),
  conditional: (text, paint) => paint.cyan(text),
  "not-yet-covered": (text) => text,
};

function columns(promised: string, achievable: string, margin: string): string {
  const { promised: first, achievable: second } = WIDTHS;
  return `${promised.padEnd(first)} ${achievable.padEnd(second)} ${margin}`.trimEnd();
}

function row(promise: string, status: string, figures: string, covers: string): string {
  const names = `${promise.padEnd(WIDTHS.promise)} ${status.padEnd(WIDTHS.status)}`;
  return `  ${names} ${figures.padEnd(WIDE)} ${covers}`;
}

const INDENT = "      ";

/** Breaks at spaces so that no line is wider than the table. */
function wrapped(text: string): readonly string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const last = rows.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) rows.push(INDENT + word);
    else rows[rows.length - 1] = `${last} ${word}`;
  }
  return rows;
}
