const WIDTH = 80;
const GAP = "  ";

/** A measured claim: what, how much, what it is made of, and what it is held against. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "ms" | "KB" | "MB" | "/s" | "x";
  /** The claim holds while the value is not above it. */
  readonly limit: number;
  /** What the value consists of, or is compared with: one line each. */
  readonly parts?: readonly string[];
}

/** The middle value; of an even number, the mean of the two in the middle. Throws RangeError if there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError("median: no values");
  return (low + high) / 2;
}

/** The largest value. Throws RangeError if there is none. */
export function worst(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("worst: no values");
  return Math.max(...values);
}

/** Three digits are enough for anything measured on a shared machine. */
export function amount(value: number, unit: string): string {
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(decimals)} ${unit}`;
}

/** How a value compares with a peer's or a limit: `0.42 of 5.03 s`. */
export function ratio(value: number, other: number, unit: string): string {
  return `${(value / other).toFixed(2)} of ${amount(other, unit)}`;
}

/** Whether the claim holds; a figure that is no number never does. */
export function holds({ value, limit }: Figure): boolean {
  return value <= limit;
}

/** The figure beside its limit, then its parts, each line within 80 columns. */
export function figureLines(figure: Figure): string[] {
  const { what, value, unit, limit, parts = [] } = figure;
  const mark = holds(figure) ? "ok  " : "OVER";
  const compared = `${ratio(value, limit, unit)} allowed`;
  const head = `${mark} ${what.padEnd(36)} ${amount(value, unit).padStart(9)}  ${compared}`;
  return [head, ...parts.map((part) => `       ${part}`)].map(shorten);
}

/** Prints figures and returns whether all of them hold. */
export function report(figures: readonly Figure[]): boolean {
  for (const line of figures.flatMap(figureLines)) console.log(line);
  return figures.every(holds);
}

/** Runs a bench as a program: exit 0 if it says that its claims hold, else 1; a failure is one line. */
export async function main(bench: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await bench()) ? 0 : 1;
  } catch (cause) {
    console.error(`bench: ${cause instanceof Error ? cause.message : String(cause)}`);
    process.exitCode = 1;
  }
}

/** A heading and its underline. */
export function title(text: string): void {
  console.log(`\n${shorten(text)}\n${"-".repeat(Math.min(text.length, WIDTH))}`);
}

/** Columns as wide as their widest cell, the first to the left and the others to the right, within 80. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return shorten(cells.join(GAP).trimEnd());
  });
}

const shorten = (line: string) => (line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`);
