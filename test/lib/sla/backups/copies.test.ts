import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { backupPlanOf } from "../../../../lib/sla/backups/of-plan.ts";
import type { Backups, Period, Rotation } from "../../../../lib/sla/plan.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";
import { needless, stood, worse } from "./fewest.ts";
import { PlacesWorld } from "./places-world.ts";

const PLACES = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const [HOME, NEAR, FAR] = PLACES;
const DAY = 24;
const TIMEZONE = "Europe/Zurich";
/** To every place: what is younger may be on its way. */
const ARRIVES_WITHIN_MS = 12 * 3_600_000;
const BEGAN = Date.parse("2026-01-05T09:00:00Z");
const calendar = new ZoneCalendar(TIMEZONE);

function sold(preset: string): Backups {
  const backups = PRESETS[preset]?.backups;
  if (!backups) throw new Error(`${preset} sells backups`);
  return backups;
}

const world = (
  backups: Backups,
  testEvery: Period,
  places: readonly string[] = PLACES,
): PlacesWorld =>
  new PlacesWorld(
    {
      ...{ instance: "acme", plan: backupPlanOf(backups), epoch: 1, testEvery, places },
      primary: { region: HOME, database: "acme-db" },
    },
    TIMEZONE,
    BEGAN,
  );

interface Standing {
  /** What all of them together have less of, now or later, if they have what this place has. */
  readonly lacking: readonly string[];
  /** What this place could do without. */
  readonly needless: readonly string[];
}

function standing(there: PlacesWorld, place: string, rotation: Rotation): Standing {
  const { places } = there.desired;
  const names = new Set(there.available(place));
  const elsewhere = new Set(places.flatMap((each) => there.available(each)));
  const lives = places
    .flatMap((each) => there.lives(each))
    .filter(
      ({ id, takenMs }) =>
        names.has(id) || (elsewhere.has(id) && takenMs <= there.nowMs - ARRIVES_WITHIN_MS),
    );
  const all = [...new Map(lives.map((life) => [life.id, life])).values()]
    .map((life) => stood(life, rotation, TIMEZONE))
    .toSorted((one, other) => one.takenMs - other.takenMs);
  const here = all.filter(({ id }) => names.has(id));
  const moment = { nowMs: there.nowMs, today: calendar.dayOf(there.nowMs) };
  return {
    lacking: worse(all, here, rotation, moment),
    needless: needless(here, rotation, moment),
  };
}

const taken = (there: PlacesWorld) =>
  new Set(there.desired.places.flatMap((place) => there.lives(place).map(({ id }) => id))).size;

describe("what other places hold for reasons of their own", () => {
  test.each([
    ["odoo", "1mo", 400],
    ["odoo", "1w", 150],
    ["binhex", "1mo", 150],
  ] as const)(
    "%s, tested every %s: each backup is copied to each place once",
    (preset, every, days) => {
      const year = world(sold(preset), every);
      year.run(days * DAY);
      expect(year.churn).toEqual([]);
      expect(Object.fromEntries(year.copied)).toEqual({ [NEAR]: taken(year), [FAR]: taken(year) });
    },
  );

  it("is not copied though a person holds it for months", () => {
    const year = world(sold("odoo"), "1mo");
    year.run(20 * DAY);
    for (const index of [3, 6]) year.hold(FAR, index);
    year.run(200 * DAY);
    expect(year.churn).toEqual([]);
    year.release();
    year.run(100 * DAY);
    expect(year.churn).toEqual([]);
    expect(Object.fromEntries(year.copied)).toEqual({ [NEAR]: taken(year), [FAR]: taken(year) });
  });
});

describe("a place that has lost what it had, or is new", () => {
  it("has the sentence back with its first copies, and no more than that needs", () => {
    const { rotation } = sold("odoo");
    if (!rotation) throw new Error("odoo sells a rotation");
    const year = world(sold("odoo"), "1w");
    year.run(150 * DAY);
    year.lose(NEAR);
    expect(standing(year, NEAR, rotation).lacking.length).toBeGreaterThan(10);
    year.run(9);
    expect(standing(year, NEAR, rotation)).toEqual({ lacking: [], needless: [] });
  });
});

/** Small, so that weeks of faults are a whole history. */
const ROTATION: Rotation = { perDay: 1, days: 2, weeks: 1, months: 1, count: 4, oldestMonths: 1 };
const SMALL: Backups = {
  ...{ contents: ["database"], schedules: [{ every: "1d" }], rotation: ROTATION },
};
const TWICE: Rotation = { perDay: 2, days: 2, weeks: 2, months: 2, count: 8, oldestMonths: 2 };
const DOUBLE: Backups = {
  ...{ contents: ["database"], schedules: [{ every: "12h" }], rotation: TWICE },
};
/** By number and by age, without a sentence. */
const KEPT: Backups = {
  contents: ["database"],
  schedules: [
    { every: "12h", keepNewest: 5 },
    { every: "1d", keep: "6d" },
  ],
};

type Fault = (there: PlacesWorld, index: number) => void;

/** Each lasts until the next. */
const FAULTS: Readonly<Record<string, Fault>> = {
  nothing: () => undefined,
  "home is silent": (there) => void there.silent.add(HOME),
  "a place is silent": (there) => void there.silent.add(FAR),
  "nothing can be backed up": (there) => {
    there.isUnavailable = true;
  },
  "copies fail": (there) => void there.failing.add(NEAR),
  "one is held": (there, index) => there.hold(FAR, index),
  "all are let go": (there) => there.release(),
  "the primary moves": (there) => {
    const { epoch, primary } = there.desired;
    const region = primary.region === HOME ? FAR : HOME;
    there.desired = { ...there.desired, epoch: epoch + 1, primary: { region, database: region } };
  },
  "a place is lost": (there) => there.lose(NEAR),
  "some are lost": (there, index) => there.lose(FAR, (each) => each % 3 === index % 3),
  "a place is new": (there) => {
    there.desired = { ...there.desired, places: PLACES };
  },
};

const courses = fc.record({
  backups: fc.constantFrom(SMALL, DOUBLE, KEPT),
  testEvery: fc.constantFrom<Period[]>("1w", "3d", "1mo"),
  firstDays: fc.nat({ max: 40 }),
  faults: fc.array(
    fc.record({
      name: fc.constantFrom(...Object.keys(FAULTS)),
      index: fc.nat({ max: 12 }),
      days: fc.integer({ min: 1, max: 25 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

type Course = typeof courses extends fc.Arbitrary<infer One> ? One : never;

function lived({ backups, testEvery, firstDays, faults }: Course): PlacesWorld {
  const there = world(backups, testEvery, [HOME, NEAR]);
  there.run(firstDays * DAY);
  for (const { name, index, days } of faults) {
    FAULTS[name]?.(there, index);
    there.run(days * DAY);
    there.silent.clear();
    there.failing.clear();
    there.isUnavailable = false;
  }
  there.run(2 * DAY);
  return there;
}

describe("under any sequence of faults", () => {
  it("no place is given again what it rotated away, and each has what all of them together have", () => {
    fc.assert(
      fc.property(courses, (course) => {
        const there = lived(course);
        expect(there.churn).toEqual([]);
        const { rotation } = course.backups;
        if (!rotation) return;
        for (const place of there.desired.places) {
          expect(standing(there, place, rotation).lacking, place).toEqual([]);
        }
      }),
      { numRuns: Number(process.env["SLA_RUNS"] ?? 20), interruptAfterTimeLimit: 10_000 },
    );
  });
});
