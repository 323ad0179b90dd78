import { SlaError } from "../kernel/errors.ts";
import type { WatchReport } from "./pass.ts";

/** A report with failures ends the invocation as failed, after all its looks: alarms count those. */
export function accomplished(report: WatchReport): WatchReport {
  if (report.failures.length === 0) return report;
  throw new SlaError("LooksFailed", "cloud", report.failures.join("; "));
}
