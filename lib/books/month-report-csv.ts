import type { InstanceFigures } from "./month-report.ts";
import { figuresJson } from "./month-report-json.ts";
import type { OpenMonth } from "./open-month.ts";

const HEAD = [
  ...["month", "timezone", "instance", "plan"],
  ...["minutes", "up", "down", "unobserved", "maintenance", "excluded"],
  ...[
    "availability",
    "objective",
    "held",
    "provable",
    "longestOutageMinutes",
    "errorBudgetMinutes",
  ],
  ...["creditPercent", "creditAmount", "currency", "claimBefore"],
  ...["availabilityWithoutExclusions", "heldWithoutExclusions", "creditEligible"],
];

/** What `sla report --csv` prints: a line an instance; what there is not is empty. */
export function monthReportCsv(
  { month }: Pick<OpenMonth, "month">,
  all: readonly InstanceFigures[],
): readonly string[] {
  const rows = all
    .map(figuresJson)
    .map(({ minutes, credit, ...each }) => [
      ...[month, each.timezone, each.instance, each.plan],
      ...[minutes.total, minutes.up, minutes.down, minutes.unobserved],
      ...[minutes.maintenance, minutes.excluded],
      ...[each.availability, each.objective, each.held, each.provable],
      ...[each.longestOutageMinutes, each.errorBudgetMinutes],
      ...[credit?.percent, credit?.amount, credit?.currency, credit?.claimBefore],
      ...[each.withoutExclusions.availability, each.withoutExclusions.held],
      credit ? (each.eligibility?.eligible ?? true) : undefined,
    ]);
  // Identifiers, numbers and instants: nothing needs quotes, and nothing is a formula.
  return [HEAD, ...rows].map((row) => row.map((cell) => String(cell ?? "")).join(","));
}
