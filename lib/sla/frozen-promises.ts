import type { Finding, Sold } from "./check.ts";
import type { Backups, Period } from "./plan.ts";
import type { Where } from "./promise-line.ts";

/**
 * Whether there is a frozen copy of every instance that was sold one: it is made where a copy of the backups is
 * restored anyway, and stays locked as long as the oldest backup that was promised.
 */
export function frozenPromises({ fleet, instance, plan }: Sold): readonly Finding[] {
  if (!plan.frozen) return [];
  const { frozen } = fleet;
  const broken = (change: string, where: Where): readonly Finding[] => [
    { ...COMMON, status: "broken", change, where },
  ];
  if (!frozen) {
    const change = "add frozen: { account, region, retainDays } to the fleet, in another account";
    return broken(change, { of: "fleet", path: [] });
  }
  const { region, retainDays } = frozen;
  if (!instance.copies.includes(region)) {
    const change = `name ${region} in copies: a frozen copy is made from a copy restored in its region`;
    return broken(change, { of: "instance", path: ["copies"] });
  }
  const least = plan.backups ? oldestDays(plan.backups) : 0;
  if (retainDays < least) {
    const change = `raise frozen.retainDays from ${retainDays} to at least ${least}: backups are sold for so long`;
    return broken(change, { of: "fleet", path: ["frozen", "retainDays"] });
  }
  return [{ ...COMMON, status: "kept", achievable: `${retainDays} days in ${region}` }];
}

const COMMON = {
  promise: "frozen copy",
  promised: "immutable, restorable",
  covers: "database",
} as const;

/** How many days old the oldest backup must be able to become, at most. */
export function oldestDays({ rotation, schedules }: Backups): number {
  const kept = schedules.map(({ keep }) => (keep === undefined ? 0 : daysOf(keep)));
  return Math.max(0, rotation ? daysOfMonths(rotation.oldestMonths) : 0, ...kept);
}

function daysOf(period: Period): number {
  const amount = Number.parseInt(period, 10);
  if (period.endsWith("mo")) return daysOfMonths(amount);
  if (period.endsWith("w")) return 7 * amount;
  return period.endsWith("d") ? amount : Math.ceil(amount / 24);
}

/** A leap year first: no stretch of months is longer than the longest that begins in these years. */
const YEARS = 4;

/** The longest stretch of so many calendar months. */
function daysOfMonths(months: number): number {
  const starts = Array.from({ length: 12 * YEARS }, (_, index) => index);
  const lengths = starts.map(
    (start) => (Date.UTC(2024, start + months) - Date.UTC(2024, start)) / 86_400_000,
  );
  return Math.max(...lengths);
}
