import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { backupId, type Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { testFindings, testOf } from "../../../../lib/sla/backups/restore-tests.ts";

const CALENDAR = new ZoneCalendar("Europe/Zurich");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse("2026-11-21T10:00:00Z");
const [HOME, AWAY, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const PLACES = [HOME, AWAY, FAR];

const DESIRED = {
  ...{ instance: "acme", places: PLACES, primary: { region: HOME } },
  testEvery: "1mo",
} as const;

const backup = (region: string, daysAgo: number, more: Partial<Shelved> = {}): Shelved => {
  const takenMs = NOW - daysAgo * DAY_MS;
  return {
    ...{ id: backupId("acme", takenMs), instance: "acme", region, tickMs: takenMs, takenMs },
    ...{ epoch: 1, schedules: ["daily"], state: "available", isCopy: region !== HOME },
    ...{ isTimed: true, isHeld: false },
    ...more,
  };
};

/** A test that began so many days ago, with its end. */
const tested = (daysAgo: number, end?: "verified" | "refuted"): Partial<Shelved> => {
  const testedMs = NOW - daysAgo * DAY_MS;
  return { testedMs, ...(end && { [`${end}Ms`]: testedMs + HOUR_MS }) };
};

const shelves = (...backups: readonly Shelved[]) =>
  new Map(PLACES.map((place) => [place, backups.filter(({ region }) => region === place)]));

const next = (...backups: readonly Shelved[]) =>
  testOf(DESIRED, shelves(...backups), CALENDAR, NOW);
const found = (...backups: readonly Shelved[]) =>
  testFindings(DESIRED, shelves(...backups), NOW).map(({ region, detail }) => [region, detail]);

/** Everywhere, of today and of yesterday. */
const everywhere = PLACES.flatMap((place) => [backup(place, 2), backup(place, 0.2)]);

describe("the next restore test", () => {
  it("is none without a backup, and none of a first backup within its first day", () => {
    expect(next()).toBeUndefined();
    expect(next(backup(HOME, 0.9))).toBeUndefined();
    expect(next(backup(HOME, 1))?.region).toBe(HOME);
  });

  it("begins away from the primary, and then goes from place to place, the newest of each", () => {
    expect(next(...everywhere)).toMatchObject({ region: AWAY, because: "never tested here" });
    const once = [...everywhere, backup(AWAY, 40, tested(35, "verified"))];
    expect(next(...once)?.region).toBe(FAR);
    const twice = [...once, backup(FAR, 40, tested(34, "verified"))];
    expect(next(...twice)?.region).toBe(HOME);
    const thrice = [...twice, backup(HOME, 40, tested(33, "verified"))];
    expect(next(...thrice)?.region).toBe(AWAY);
  });

  it("is not due until a period after the last, wherever that was", () => {
    expect(next(...everywhere, backup(FAR, 40, tested(30, "verified")))).toBeUndefined();
    expect(next(...everywhere, backup(FAR, 40, tested(31.1, "verified")))?.region).toBe(AWAY);
  });

  it("waits while one is under way, for half a day at most", () => {
    const under = (hours: number) => [
      ...everywhere,
      backup(AWAY, 40, tested(hours / 24)),
      backup(FAR, 40, tested(40, "verified")),
    ];
    expect(next(...under(11))).toBeUndefined();
    expect(next(...under(24))).toMatchObject({ region: AWAY });
  });

  it("comes again a day after one failed, in the same place, and does not hold up the others", () => {
    const failed = (days: number) => backup(AWAY, 1.5, tested(days, "refuted"));
    expect(next(...everywhere, failed(1.1))).toMatchObject({
      region: AWAY,
      because: "the test before failed here",
    });
    expect(next(...everywhere, failed(0.5))?.region).toBe(FAR);
  });

  it("is of nothing that cannot be restored, and of no place that does not answer", () => {
    const making = backup(AWAY, 0.1, { state: "making" });
    const timeless = backup(AWAY, 0.1, { isTimed: false });
    expect(next(backup(HOME, 3), making, timeless)?.region).toBe(HOME);
    const silent = new Map([...shelves(...everywhere)].filter(([place]) => place !== AWAY));
    expect(testOf(DESIRED, silent, CALENDAR, NOW)?.region).toBe(FAR);
  });

  it("is not put off for good by a clock that was ahead", () => {
    expect(next(...everywhere, backup(AWAY, 2, tested(-400)))).toBeDefined();
  });

  it("takes any backup of its place now and then, the same in every site", () => {
    const chosen = Array.from({ length: 400 }, (_, day) => {
      const nowMs = NOW + day * DAY_MS;
      return testOf(DESIRED, shelves(...everywhere), CALENDAR, nowMs)?.backup.id;
    });
    const newest = backup(AWAY, 0.2).id;
    const older = chosen.filter((id) => id !== newest).length;
    expect(older).toBeGreaterThan(20);
    expect(older).toBeLessThan(120);
  });
});

describe("where a frozen copy is sold", () => {
  const frozenNext = (...backups: readonly Shelved[]) =>
    testOf({ ...DESIRED, frozenIn: FAR }, shelves(...backups), CALENDAR, NOW);

  it("its place is tested every week, the newest backup each time", () => {
    expect(frozenNext(...everywhere)).toMatchObject({
      ...{ region: FAR, because: "a frozen copy is made of it" },
      backup: { id: backup(FAR, 0.2).id },
    });
    const days = (ago: number) =>
      frozenNext(
        ...everywhere,
        backup(FAR, 40, tested(ago, "verified")),
        backup(AWAY, 40, tested(20, "verified")),
      );
    expect(days(7)?.region).toBe(FAR);
    expect(days(6.9)).toBeUndefined();
  });

  it("its place is tested as often as a customer wants dumps", () => {
    const next = (ago: number) =>
      testOf(
        { ...DESIRED, frozenIn: FAR, frozenEvery: "2d" },
        shelves(
          ...everywhere,
          backup(FAR, 40, tested(ago, "verified")),
          backup(AWAY, 40, tested(20, "verified")),
        ),
        CALENDAR,
        NOW,
      )?.region;
    expect([next(1.9), next(2)]).toEqual([undefined, FAR]);
  });

  it("is not dumped again while nothing newer lies there, however often dumps are wanted", () => {
    const next = (...others: Shelved[]) =>
      testOf(
        { ...DESIRED, frozenIn: FAR, frozenEvery: "3h" },
        shelves(backup(FAR, 2, tested(1, "verified")), ...others),
        CALENDAR,
        NOW,
      )?.backup.id;
    expect(next()).toBeUndefined();
    const newer = backup(FAR, 0.5);
    expect(next(newer)).toBe(newer.id);
  });

  it("the other places have their turn all the same", () => {
    const weekly = backup(FAR, 3, tested(1, "verified"));
    expect(frozenNext(...everywhere, weekly)?.region).toBe(AWAY);
    const both = [
      backup(AWAY, 40, tested(32, "verified")),
      backup(HOME, 40, tested(33, "verified")),
    ];
    expect(frozenNext(...everywhere, weekly, ...both)?.region).toBe(HOME);
  });
});

describe("a failed test", () => {
  it("is told in its place, until a later one there goes well", () => {
    const failed = backup(AWAY, 3, tested(2, "refuted"));
    expect(found(...everywhere, failed)).toEqual([
      [AWAY, `the restore test of ${failed.id} that began 2026-11-19T10:00:00.000Z failed`],
    ]);
    expect(found(...everywhere, failed, backup(AWAY, 1, tested(0.5, "verified")))).toEqual([]);
    expect(found(...everywhere, failed, backup(FAR, 1, tested(0.5, "verified")))).toHaveLength(1);
  });

  it("is also one that never ended; one under way is none", () => {
    expect(found(...everywhere, backup(AWAY, 3, tested(0.4)))).toEqual([]);
    expect(found(...everywhere, backup(AWAY, 3, tested(0.6)))[0]?.[1]).toContain("never ended");
  });

  it("of a backup that was proven before counts, and the other way round", () => {
    const at = (days: number) => NOW - days * DAY_MS;
    const both = (verified: number, refuted: number) =>
      backup(AWAY, 9, { testedMs: at(2), verifiedMs: at(verified), refutedMs: at(refuted) });
    expect(found(both(5, 1.9))).toHaveLength(1);
    expect(found(both(1.9, 5))).toHaveLength(0);
  });
});

interface Begun {
  readonly atMs: number;
  readonly region: string;
  readonly end: "verified" | "refuted" | "lost";
}

/** A year of daily backups everywhere and a pass a day, in which tests end as they are told to. */
function yearOf(ends: readonly Begun["end"][]): readonly Begun[] {
  const shelf = new Map(PLACES.map((place) => [place, [] as Shelved[]]));
  const begun: Begun[] = [];
  for (let day = 0; day < 365; day += 1) {
    const nowMs = NOW + day * DAY_MS + HOUR_MS;
    for (const place of PLACES) shelf.get(place)?.push(backup(place, -day));
    const test = testOf(DESIRED, shelf, CALENDAR, nowMs);
    const end = ends[begun.length % ends.length] ?? "lost";
    if (test) {
      begun.push({ atMs: nowMs, region: test.region, end });
      const endedMs = end === "lost" ? {} : { [`${end}Ms`]: nowMs + HOUR_MS };
      Object.assign(test.backup, { testedMs: nowMs, ...endedMs });
    }
  }
  return begun;
}

/** Of each test that follows one which went well, in days: how long that was ago, wherever. */
const pauses = (begun: readonly Begun[]): readonly number[] =>
  begun.flatMap(({ atMs, region }, index) => {
    const before = begun.slice(0, index);
    const isAgain = before.findLast((each) => each.region === region)?.end !== "verified";
    const wells = before.filter(({ end }) => end === "verified");
    const last = wells.at(-1);
    return last && !isAgain ? [(atMs - last.atMs) / DAY_MS] : [];
  });

it("a year of passes tests every place, and never oftener than sold but after a failure", () => {
  const end = fc.constantFrom("verified" as const, "refuted" as const, "lost" as const);
  fc.assert(
    fc.property(fc.array(end, { minLength: 30, maxLength: 30 }), (ends) => {
      const begun = yearOf(ends);
      expect(new Set(begun.map(({ region }) => region))).toEqual(new Set(PLACES));
      expect(Math.min(...pauses(begun), 28)).toBe(28);
      const instants = begun.map(({ atMs }) => atMs);
      expect(new Set(instants).size).toBe(instants.length);
    }),
    { numRuns: 20 },
  );
});
