import { span } from "./report-words.ts";
import type { DrillResult } from "./result.ts";

const HEADER = ["fault", "expected", "ok", "RTO", "lost", "by old primary", "neighbours"] as const;

/** One line a run, as narrow as its words allow: what had to happen and what it cost. */
export function faultTable(results: readonly DrillResult[]): string[] {
  const rows = [HEADER, ...results.map(cellsOf)];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join("  ")
      .trimEnd(),
  );
}

/** The columns from here on are figures. */
const FIGURES = HEADER.indexOf("RTO");

const pad = (cell: string, width: number, column: number) =>
  column < FIGURES ? cell.padEnd(width) : cell.padStart(width);

function cellsOf({ fault, expected, ok, measured, writes, dns }: DrillResult): string[] {
  return [
    fault,
    expected,
    ok ? "yes" : "NO",
    span(measured.rtoSeconds),
    String(writes.lost),
    String(writes.acknowledgedByOldPrimaryAfterPromotion),
    `${dns.neighboursMoved} moved`,
  ];
}
