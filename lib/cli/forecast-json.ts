import type { Forecast } from "../sla/backups/forecast.ts";
import { PRICES } from "../sla/backups/prices.ts";
import type { Storage } from "../sla/backups/storage.ts";

const instant = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

/** What `sla simulate --json` prints. */
export const forecastJson = (
  plan: string,
  timezone: string,
  found: Forecast,
  storage: Storage,
) => ({
  plan,
  timezone,
  backups: found.lives.map((life) => ({
    id: life.id,
    takenAt: instant(life.takenMs),
    removedAt: instant(life.removedMs),
    schedules: life.schedules,
    keptBecause: life.keptBecause,
    removedBecause: life.removedBecause ?? null,
  })),
  promise: {
    ok: found.ok,
    clauses: found.clauses.map(({ atMs, ...clause }) => ({ ...clause, at: instant(atMs) })),
    violations: found.violations.map(({ fromMs, toMs, clause, avoidable, detail }) => ({
      ...{ from: instant(fromMs), to: instant(toMs), clause, avoidable, detail },
    })),
  },
  peak: found.peak,
  oldestDays: found.oldestDays,
  storage: {
    ...{ isEstimate: true, sizeGb: storage.sizeGb, dailyChangeGb: storage.dailyChangeGb },
    places: storage.places.map(({ name, medium, gb, mostGb, dollars }) => ({
      ...{
        name,
        medium,
        gb: rounded(gb),
        mostGb: rounded(mostGb),
        dollarsAMonth: rounded(dollars),
      },
    })),
    transfer: {
      gbAMonth: rounded(storage.transferGb),
      dollarsAMonth: rounded(storage.transferDollars),
    },
    ...{ dollarsAMonth: rounded(storage.dollars), prices: PRICES },
  },
});

const rounded = (amount: number) => Math.round(amount * 100) / 100;
