import { forecastPage } from "../../../lib/cli/forecast-page.ts";
import { dayOfDate, forecast } from "../../../lib/sla/backups/forecast.ts";
import { storageOf } from "../../../lib/sla/backups/storage.ts";
import { placesOfPlan } from "../../../lib/sla/backups/storage-places.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";

interface Given {
  readonly plan?: string;
  readonly changes?: Partial<Plan>;
  readonly days?: number;
  readonly miss?: readonly string[];
}

/** The page of a preset from 2026 on, in Zurich. */
export function pageOf({ plan = "mintsys", changes, days = 400, miss = [] }: Given): string {
  const sold = { ...(PRESETS[plan] as Plan), ...changes };
  const { backups } = sold;
  if (!backups) throw new RangeError(`${plan} has no backups`);
  const asked = {
    timezone: "Europe/Zurich",
    from: dayOfDate("2026-01-01"),
    days,
    miss: miss.map(dayOfDate),
  };
  const found = forecast({ backups, ...asked, missed: new Set(asked.miss) });
  const sizing = { sizeGb: 20, dailyChangeGb: 0.4 };
  const storage = storageOf(found.lives, placesOfPlan(sold), sizing, found);
  return forecastPage({ ...asked, plan: sold.name, backups, found, storage });
}
