import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FreshRequest } from "../../functions/reconcile/contract.ts";
import { backupId, TAGS } from "../../lib/sla/backups/catalogue.ts";
import { checkHistory } from "../../lib/sla/backups/check-history.ts";
import { isFresh } from "../../lib/sla/backups/dated.ts";
import type { Plan, Rotation } from "../../lib/sla/plan.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const PLACES = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const [HOME, NEAR, FAR] = PLACES;
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGAN = "2026-02-20T09:00:00Z";
/** Small, so that weeks of faults are a whole history. */
const ROTATION: Rotation = { perDay: 1, days: 2, weeks: 1, months: 1, count: 4, oldestMonths: 1 };

const plan: Plan = {
  ...QUICK_PLAN,
  backups: { contents: ["database"], schedules: [{ every: "1d" }], rotation: ROTATION },
  frozen: { immutable: true },
};
/** Dumps are made in one of the places. */
const FLEET = {
  ...fleetOf([instance("acme", { copies: [NEAR, FAR] })], plan),
  frozen: { account: "222222222222", region: FAR, retainDays: 60 },
};

/** Unless asked, of a region. */
const QUOTA = 100;

type Fault = (world: BackupWorld) => void | Promise<void>;

/** Each happens, and lasts until the next; what a person did by hand stays done. */
const FAULTS: Readonly<Record<string, Fault>> = {
  "the home region is silent": (world) => void world.silent.add(HOME),
  "a place is silent": (world) => void world.silent.add(FAR),
  "the database cannot be backed up": (world) => void world.unavailable.add("acme-db"),
  "copies are stuck": (world) => void world.stuck.add(NEAR),
  "a copy fails": (world) => void world.failing.add(FAR),
  "a key is disabled": (world) => void world.keyless.add(NEAR),
  "the quota is full": (world) => {
    const [id, ...more] = world.all(HOME);
    // Room for none but what the rotation spares.
    if (id !== undefined) world.quota = Math.min(world.quota, more.length + 1);
  },
  "the oldest is deleted by hand": (world) => {
    const [id] = world.available(NEAR);
    if (id !== undefined) world.deleteByHand(NEAR, id);
  },
  "tags are taken away": (world) => {
    const id = world.available(HOME).at(-1);
    if (id !== undefined) world.untag(HOME, id);
  },
  "a single tag is changed": (world) => {
    const id = world.available(NEAR).at(-1);
    if (id !== undefined) world.tag(NEAR, id, { [TAGS.tick]: BEGAN });
  },
  "one is held": (world) => {
    const id = world.available(FAR)[1];
    if (id !== undefined) world.tag(FAR, id, { [TAGS.hold]: "yes" });
  },
  "a fresh dump is asked for": (world) => {
    const askedAt = new Date(world.nowMs + 1000).toISOString();
    const wish: FreshRequest = { instance: "acme", askedAt, epoch: 1, by: "a person" };
    for (const region of PLACES) world.ledgers.at(region).put("fresh/acme.json", wish);
  },
  "clocks are wrong": async (world) => {
    for (const region of PLACES) {
      if (world.silent.has(region)) continue;
      await world.pass(region, 200 * DAY * 60_000);
      await world.pass(region, -20 * DAY * 60_000);
    }
  },
  "two reconcile at once": async (world) => {
    await Promise.all(
      [...PLACES, ...PLACES].flatMap((region) =>
        world.silent.has(region) ? [] : [world.pass(region)],
      ),
    );
  },
};

function mend(world: BackupWorld): void {
  for (const each of [world.silent, world.unavailable, world.failing, world.keyless]) each.clear();
  world.loosen();
}

/** What is full stays full for longer than any other fault. */
const FULL_DAYS = 10;

interface Course {
  readonly faults: readonly { readonly name: string; readonly hours: number }[];
}

const courses: fc.Arbitrary<Course> = fc.record({
  faults: fc.array(
    fc.record({
      name: fc.constantFrom(...Object.keys(FAULTS)),
      hours: fc.integer({ min: 6, max: 6 * 24 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

async function live({ faults }: Course): Promise<BackupWorld> {
  const world = new BackupWorld(FLEET, BEGAN);
  await world.run(40 * DAY, 12 * HOUR);
  for (const { name, hours } of faults) {
    await FAULTS[name]?.(world);
    const isFull = world.quota < QUOTA;
    await world.run(isFull ? FULL_DAYS * DAY : hours * HOUR, 6 * HOUR);
    mend(world);
  }
  world.quota = QUOTA;
  return world;
}

/**
 * Violations that a deletion of ours has a part in. Where people delete as well, what went before them was right when it
 * went: then only those count that begin with a deletion of ours; else all that would not be had we deleted nothing.
 */
function ours(world: BackupWorld, region: string, byHand: boolean) {
  const lives = world.lives(region, "acme").filter((life) => !isFresh(life));
  const observed = { beganMs: Date.parse(BEGAN), untilMs: world.nowMs };
  const sentence = { ...ROTATION, timezone: "Europe/Zurich" };
  const { violations } = checkHistory(sentence, lives, observed);
  if (byHand) {
    const deletions = new Set(lives.flatMap(({ byUs, removedMs }) => (byUs ? removedMs : [])));
    return violations.filter(({ fromMs }) => deletions.has(fromMs));
  }
  const kept = lives.map(({ byUs, removedMs, ...life }) => ({
    ...life,
    ...(removedMs !== undefined && !byUs && { removedMs }),
  }));
  const anyhow = checkHistory(sentence, kept, observed).violations;
  const keyOf = ({ clause, fromMs }: { clause: string; fromMs: number }) => `${clause} ${fromMs}`;
  const unavoidable = new Set(anyhow.map(keyOf));
  return violations.filter((each) => !unavoidable.has(keyOf(each)));
}

/** The last night whose backup has had time to be copied. */
function lastNight({ nowMs }: BackupWorld): number {
  const night = new Date(nowMs - 12 * HOUR * 60_000);
  return night.setUTCHours(2, 0, 0, 0) <= nowMs - 12 * HOUR * 60_000
    ? night.getTime()
    : night.getTime() - DAY * 60_000;
}

/** By name, but for those that a clock that was ahead has given the name of an instant to come. */
function lastTwo(world: BackupWorld, region: string): readonly string[] {
  const fresh = new Set(
    world.lives(region, "acme").flatMap((life) => (isFresh(life) ? life.id : [])),
  );
  return world
    .available(region)
    .filter((id) => id <= backupId("acme", lastNight(world)) && !fresh.has(id))
    .slice(-2);
}

const BY_HAND = new Set([
  "the oldest is deleted by hand",
  "tags are taken away",
  "a single tag is changed",
]);

describe("under any sequence of faults", () => {
  it("no deletion of ours breaks a clause, and all places agree once the faults are over", async () => {
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const world = await live(course);
        const byHand = course.faults.some(({ name }) => BY_HAND.has(name));
        for (const region of PLACES) expect(ours(world, region, byHand)).toEqual([]);
        await world.run(3 * DAY, 2 * HOUR);
        const home = lastTwo(world, HOME);
        // They go on being taken, whatever went before.
        expect(home.at(-1)).toBe(backupId("acme", lastNight(world)));
        for (const region of PLACES) {
          const there = world.available(region);
          expect(world.all(region)).toEqual(expect.arrayContaining([...there]));
          // The last days lie everywhere; what is held or without tags may lie in one place only.
          expect(lastTwo(world, region)).toEqual(home);
        }
      }),
      { numRuns: Number(process.env["SLA_RUNS"] ?? 12), interruptAfterTimeLimit: 10_000 },
    );
  });
});
