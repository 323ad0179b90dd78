import { SlaError } from "../kernel/errors.ts";
import type { BeatReport } from "./beat.ts";
import type { WatchReport } from "./pass.ts";

/** A report with failures ends the invocation as failed, after all its looks: alarms count those. */
export function accomplished(report: WatchReport): WatchReport {
  if (report.failures.length === 0) return report;
  throw new SlaError("LooksFailed", "cloud", report.failures.join("; "));
}

/** A server that is down is told by its incident. */
const DOWN = /^(unreachable|timed-out): /;

/** Likewise: nobody but an alarm hears of heartbeats that are refused, or of which nobody could ask. */
export function beaten(report: BeatReport): BeatReport {
  const failures = Object.entries(report.failures)
    .filter(([, why]) => !DOWN.test(why))
    .map(([who, why]) => `${who}: ${why}`);
  if (failures.length === 0) return report;
  throw new SlaError("BeatsFailed", "cloud", failures.join("; ").slice(0, 2000));
}
