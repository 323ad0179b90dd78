import type { WindowRecord } from "../sla/books/window.ts";
import type { Uncounted } from "../sla/books/window-counts.ts";
import { formatDuration } from "../sla/duration.ts";
import { localTime } from "./local-time.ts";
import type { PlanPart } from "./window-plan.ts";

/** `2026-10-06 22:00 to 23:00 (Europe/Zurich)`; the second date only where it is another. */
export function spanWords(from: string, to: string, timezone: string): string {
  const [first, last] = [localTime(timezone)(from), localTime(timezone)(to)];
  const end = last.slice(0, 10) === first.slice(0, 10) ? last.slice(11) : last;
  return `${first} to ${end} (${timezone})`;
}

export const lengthWords = (from: string, to: string) =>
  formatDuration((Date.parse(to) - Date.parse(from)) / 1000);

const WHY = {
  cancelled: "it was cancelled before it began",
  "not-sold": "the plan leaves no such maintenance out",
  "announced-too-late": "it is announced too late",
  "no-whole-minute": "no whole minute of it is announced",
} as const satisfies Record<Uncounted, string>;

/** What a plan says of the minutes of a window. */
export function countsWords(
  { verdict, plan }: Pick<PlanPart, "verdict" | "plan">,
  kind: WindowRecord["kind"],
): string {
  if (verdict.counts) return "not counted as downtime";
  const why = `COUNTED as downtime: ${WHY[verdict.because]}`;
  if (verdict.because !== "announced-too-late") return why;
  if (kind === "emergency") return `${why}, when it is over`;
  const { noticeHours } = plan.maintenance ?? {};
  return `${why}, the plan says ${noticeHours === undefined ? "before it begins" : `${noticeHours} h before`}`;
}
