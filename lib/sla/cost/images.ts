import { ZoneCalendar } from "../backups/calendar.ts";
import { dayOfDate } from "../backups/forecast.ts";
import { imagePlanOf } from "../backups/images.ts";
import { simulate } from "../backups/simulate.ts";
import { type Place, storageOf } from "../backups/storage.ts";
import type { Fleet, Instance } from "../fleet.ts";
import { hoursOf } from "../period-hours.ts";
import type { Backups, Period } from "../plan.ts";
import { ASSUMED } from "./assumed.ts";
import { type CostLine, costOf, together } from "./line.ts";
import { HOURS } from "./prices.ts";
import { factorOf } from "./region-factor.ts";

/** Long enough that the last month is like all that follow. */
const DAYS = 400;
const DURATION_MS = 15 * 60_000;

export type ImagesOf = (backups: Backups | undefined) => ReturnType<typeof simulated>;

/** Which images a plan holds in the end, undefined where it sells none; asked again for the same it does not compute again. */
export function imagesOf(timezone: string): ImagesOf {
  const known = new Map<Backups | undefined, ReturnType<typeof simulated>>();
  return (backups) => {
    const found = known.has(backups) ? known.get(backups) : simulated(backups, timezone);
    known.set(backups, found);
    return found;
  };
}

function simulated(backups: Backups | undefined, timezone: string) {
  const plan = imagePlanOf(backups);
  if (!plan) return undefined;
  const calendar = new ZoneCalendar(timezone);
  const from = dayOfDate("2026-01-01");
  const when = { beganMs: calendar.startOf(from), untilMs: calendar.startOf(from + DAYS) };
  const how = { missed: new Set<number>(), durationMs: DURATION_MS };
  const { schedules } = plan;
  return { lives: simulate({ schedules, retention: plan, ...when, ...how }, calendar), ...when };
}

/**
 * What EBS keeps of an instance's images in a month, in every place, and what is sent to the others. Snapshots of disks are as incremental as those
 * of databases. Nothing where no machine is named, or none are sold.
 */
export function imageCost(
  { plans }: Pick<Fleet, "plans">,
  { plan, home, copies, machines }: Instance,
  machineGb: number,
  imagesIn: ImagesOf,
): readonly CostLine[] {
  const sold = plans[plan];
  const found = machines && imagesIn(sold?.backups);
  if (!found) return [];
  const away = copies.filter((region) => region !== home);
  const places = [home, ...away].map((name): Place => {
    return { name, medium: "snapshots", isCopy: name !== home };
  });
  const sizing = { sizeGb: machineGb, dailyChangeGb: machineGb * ASSUMED.machineChange };
  const storage = storageOf(found.lives, places, sizing, found);
  return together([
    ...storage.places.map(({ name, isCopy, gb }) => ({
      what: isCopy ? "copies of images" : "images",
      dollars: costOf("diskSnapshotGbMonth", gb, factorOf(name)),
    })),
    {
      what: "transfer of images",
      dollars: costOf("transferGb", storage.transferGb, factorOf(home)),
    },
    ...(sold?.imageTests ? [tests(home, sold.imageTests.every, machineGb)] : []),
  ]);
}

/** A machine with all disks of the image, for as long as it takes to come up and to be ended. */
function tests(home: string, every: Period, machineGb: number): CostLine {
  const { imageTestHours: hours, imageTestTransitions: transitions } = ASSUMED;
  const each =
    costOf("machineHour", hours) +
    costOf("diskGbMonth", (machineGb * hours) / HOURS) +
    costOf("transition", transitions);
  return { what: "image tests", dollars: (HOURS / hoursOf(every)) * each * factorOf(home) };
}
