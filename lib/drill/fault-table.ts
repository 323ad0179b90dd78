import { formatDuration } from "../sla/duration.ts";
import type { LeftOut } from "./matrix.ts";
import type { DrillResult } from "./result.ts";

const HEADER = ["fault", "without", "expected", "ok", "RTO", "lost", "late", "moved"] as const;
/** The columns from here on are figures. */
const FIGURES = HEADER.indexOf("RTO");
const GAP = "  ";

/** One line a run, as narrow as its words allow: what had to happen and what it cost. */
export function faultTable(results: readonly DrillResult[]): string[] {
  const rows = [HEADER, ...results.map(cellsOf)];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join(GAP)
      .trimEnd(),
  );
  return [...lines, "", ...LEGEND];
}

const LEGEND = [
  "lost: acknowledged rows; late: rows the old primary acknowledged after the",
  "promotion; moved: neighbours whose DNS changed.",
];

const pad = (cell: string, width: number, column: number) =>
  column < FIGURES ? cell.padEnd(width) : cell.padStart(width);

function cellsOf({ fault, without, expected, ok, measured, writes, dns }: DrillResult): string[] {
  return [
    fault,
    without.join(",") || "—",
    expected,
    ok ? "yes" : "NO",
    brief(measured.rtoSeconds),
    String(writes.lost),
    String(writes.acknowledgedByOldPrimaryAfterPromotion),
    String(dns.neighboursMoved),
  ];
}

/** Short enough for 80 columns: `4.6 s`. */
function brief(seconds: number | null): string {
  if (seconds === null) return "—";
  return seconds < 60 ? `${seconds.toFixed(1)} s` : formatDuration(seconds);
}

/** `round 1: 38 of 38 ok`, one line a round. */
export const roundLines = (results: readonly DrillResult[], perRound: number): string[] =>
  Array.from({ length: Math.ceil(results.length / perRound) }, (_, index) => {
    const round = results.slice(index * perRound, (index + 1) * perRound);
    return `round ${index + 1}: ${round.filter(({ ok }) => ok).length} of ${perRound} ok`;
  });

/** What was left out, one line a reason. */
export const leftOutLines = (leftOut: readonly LeftOut[]): string[] =>
  [...Map.groupBy(leftOut, ({ because }) => because)].flatMap(([because, those]) => [
    `left out: ${because}`,
    ...those.map(({ name }) => `  ${name}`),
  ]);
