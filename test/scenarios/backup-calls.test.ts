import { expect, it } from "vitest";
import { testPeriodOf } from "../../lib/sla/backups/restore-tests.ts";
import { hoursOf } from "../../lib/sla/period-hours.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { RestoreWorld } from "../fakes/restore-world.ts";

const PLACES = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const [HOME, NEAR, FAR] = PLACES;
const DAY = 24 * 60;
const INSTANCES = 40;
/** Looks of a minute: a restore of some twenty minutes, a deletion of some five. */
const RESTORE_LOOKS = 20;
const DELETION_LOOKS = 5;

/** Of all that reconciles, takes, copies and deletes on a day like any other, those to the ledgers among them. */
async function passesOfADay({ backups }: Plan): Promise<number> {
  const many = Array.from({ length: INSTANCES }, (_, index) =>
    instance(`i${index}`, { copies: [NEAR, FAR] }),
  );
  const night = new BackupWorld(
    fleetOf(many, { ...QUICK_PLAN, ...(backups && { backups }) }),
    "2026-01-05T09:00:00Z",
  );
  night.quota = 10_000;
  await night.run(18 * DAY, 360);
  await night.run(DAY, 15);
  night.notices.length = 0;
  night.calls.length = 0;
  const ledgers = PLACES.map((region) => night.ledgers.at(region));
  for (const each of ledgers) each.calls = 0;
  await night.run(DAY, 15);
  expect(night.notices).toEqual([]);
  // A list has a page for each hundred; what is handed over is one call to a function for all of it.
  const pages = Math.ceil(night.all(HOME).length / 100);
  const asked = night.calls
    .filter((call) => !call.startsWith("test"))
    .map((call) => (call.startsWith("list") ? pages : 1));
  return sum([...asked, ...ledgers.map(({ calls }) => calls)]);
}

/** From the order to begin it until nothing is left of what was restored. */
async function restoreTest(): Promise<number> {
  const world = new RestoreWorld();
  world.statuses = [...Array<string>(RESTORE_LOOKS).fill("creating"), "available"];
  world.lingers = DELETION_LOOKS;
  await world.run();
  expect(world.record().ok).toBe(true);
  const ledgers = PLACES.map((region) => world.ledgers.at(region).calls);
  const [begin, password] = [1, 1];
  return sum([begin, password, world.calls, ...ledgers]);
}

const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);

it("an instance of forty costs at most sixty calls a day, with its restore tests", async () => {
  const plan = PRESETS["mintsys"];
  if (!plan?.backups) throw new Error("mintsys sells backups");
  const everyHours = hoursOf(testPeriodOf(plan.restoreTests));
  const passes = (await passesOfADay(plan)) / INSTANCES;
  const tests = ((await restoreTest()) * 24) / everyHours;
  // Each site looks every two hours for what a test that was broken off has left.
  const leftovers = (PLACES.length * 12) / INSTANCES;
  const all = passes + tests + leftovers;
  console.log(
    `calls of an instance and day: ${all.toFixed(1)} of 60 allowed (${passes.toFixed(1)} of passes, ${tests.toFixed(1)} of restore tests, ${leftovers.toFixed(1)} for leftovers)`,
  );
  expect(all).toBeLessThanOrEqual(60);
});
