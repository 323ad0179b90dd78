import type { MonthReport } from "./month-report.ts";
import { monthReportJson } from "./month-report-json.ts";

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
  ...["availabilityWithoutExclusions", "heldWithoutExclusions"],
];

/** What `sla report --csv` prints: a line an instance; what there is not is empty. */
export function monthReportCsv(report: MonthReport): readonly string[] {
  const { month, timezone, instances } = monthReportJson(report);
  const rows = instances.map(({ minutes, credit, ...each }) => [
    ...[month, timezone, each.instance, each.plan],
    ...[minutes.total, minutes.up, minutes.down, minutes.unobserved],
    ...[minutes.maintenance, minutes.excluded],
    ...[each.availability, each.objective, each.held, each.provable],
    ...[each.longestOutageMinutes, each.errorBudgetMinutes],
    ...[credit?.percent, credit?.amount, credit?.currency, credit?.claimBefore],
    ...[each.withoutExclusions.availability, each.withoutExclusions.held],
  ]);
  // Identifiers, numbers and instants: nothing needs quotes, and nothing is a formula.
  return [HEAD, ...rows].map((row) => row.map((cell) => String(cell ?? "")).join(","));
}
