import type { Watch } from "../plan.ts";
import { runsOf } from "./minute-runs.ts";
import { type Interval, sheetOf } from "./minute-sheet.ts";
import type { Span } from "./month.ts";

const MINUTE_MS = 60_000;

/**
 * What of an incident, as its record has it, the minutes of a span bear out: it is over as soon as so many of them in a row were seen
 * up that the watch would have closed it. Undefined if that is nothing.
 */
export function borneOut(
  incident: Span,
  seen: readonly Interval[],
  { span, watch }: { readonly span: Span; readonly watch: Watch },
): Span | undefined {
  const closedAfterMs = watch.goodRounds * Math.ceil(watch.everySeconds / 60) * MINUTE_MS;
  const goods = runsOf(span, sheetOf(span, seen).minutes())
    .filter((run) => run.seen === "up")
    .map((run) => ({ ...run, fromMs: Math.max(run.fromMs, incident.fromMs) }));
  const good = goods.find(
    ({ fromMs, toMs }) => Math.min(toMs, incident.toMs) - fromMs >= closedAfterMs,
  );
  const toMs = good?.fromMs ?? incident.toMs;
  return incident.fromMs < toMs ? { fromMs: incident.fromMs, toMs } : undefined;
}
