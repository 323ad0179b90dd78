import { longestGapMs } from "./backups/gap.ts";
import { backupPlanOf } from "./backups/of-plan.ts";
import { DUMPED_EVERY, isFrozen } from "./destination.ts";
import type { Fleet, Instance } from "./fleet.ts";
import { hoursOf } from "./period-hours.ts";
import type { Plan } from "./plan.ts";

/**
 * Assumed of one dump, in hours: its backup is restored, read from end to end, compared and dumped. What a destination takes
 * has some 20 GB at most.
 */
const DUMP_HOURS = 2;
/** Tests and dumps come in waves: every site began to count when it was deployed. */
const WAVES = 1.5;
/** Of every region: restore tests of which no dump is made. */
const LEAST_AT_ONCE = 4;

type Counted = Pick<Fleet, "instances" | "plans" | "frozen">;

/** Dumps that a day's work of the frozen region has to make. */
export function dumpsADay({ instances, plans, frozen }: Counted): number {
  if (!frozen) return 0;
  return instances.reduce((sum, instance) => {
    const plan = plans[instance.plan];
    if (!plan?.backups || !isFrozen(instance, plan)) return sum;
    return sum + 24 / hoursOf(instance.destination?.every ?? DUMPED_EVERY);
  }, 0);
}

/** Databases that a region restores at a time, for tests and for dumps: each counts against its quota, and costs. */
export function restoresAtOnce(fleet: Counted, region: string): number {
  if (fleet.frozen?.region !== region) return LEAST_AT_ONCE;
  return Math.max(LEAST_AT_ONCE, Math.ceil((dumpsADay(fleet) * DUMP_HOURS * WAVES) / 24));
}

const HOUR_MS = 3_600_000;

/** Why dumps cannot be made as often as a destination wants them; undefined where they can. */
export function tooOften(
  { destination }: Pick<Instance, "destination">,
  { backups }: Pick<Plan, "backups">,
): string | undefined {
  const every = destination?.every;
  if (!every || !backups) return undefined;
  const gapHours = longestGapMs(backupPlanOf(backups).schedules) / HOUR_MS;
  // On the day on which clocks go back there is an hour more between two backups.
  if (gapHours <= hoursOf(every) + 1) return undefined;
  return `its plan takes a backup only every ${gapWords(gapHours)}, so there would be nothing new to send`;
}

const gapWords = (hours: number): string =>
  hours < 47 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
