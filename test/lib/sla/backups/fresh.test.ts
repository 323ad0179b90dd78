import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { backupId, type Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { freshWork, spareFresh, type Wished } from "../../../../lib/sla/backups/fresh.ts";
import { freshStage } from "../../../../lib/sla/backups/fresh-stage.ts";
import { testOf } from "../../../../lib/sla/backups/restore-tests.ts";
import { sort } from "../../../../lib/sla/backups/shelf.ts";

const HOUR_MS = 3_600_000;
const ASKED = Date.parse("2026-11-21T10:00:01Z");
const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const hours = (count: number) => ASKED + count * HOUR_MS;

const WISHED: Wished = {
  ...{ instance: "acme", epoch: 1, primary: { region: HOME, database: "acme-db" } },
  ...{ dumpedIn: FAR, fresh: { askedMs: ASKED } },
};

const backup = (region: string, more: Partial<Shelved> = {}): Shelved => ({
  ...{ id: backupId("acme", ASKED), instance: "acme", region, tickMs: ASKED, takenMs: ASKED },
  ...{ epoch: 1, schedules: ["fresh"], state: "available", isCopy: region !== HOME },
  ...{ isTimed: true, isHeld: false },
  ...more,
});
/** Of the night before, as it was sold. */
const sold = (region: string, more: Partial<Shelved> = {}): Shelved => {
  const tickMs = hours(-7);
  const id = backupId("acme", tickMs);
  return backup(region, { id, tickMs, takenMs: tickMs, schedules: ["daily"], ...more });
};
const [TESTED, ENDED] = [hours(1), hours(2)];
const PROVEN = backup(FAR, { testedMs: TESTED, verifiedMs: ENDED });
const REFUTED = backup(FAR, { testedMs: TESTED, refutedMs: ENDED });

const shelves = (...all: readonly Shelved[]) =>
  new Map<string, readonly Shelved[]>(
    [HOME, NEAR, FAR].map((place) => [place, all.filter(({ region }) => region === place)]),
  );
const stage = (nowMs: number, ...all: readonly Shelved[]) =>
  freshStage(all, { askedMs: ASKED, frozenIn: FAR }, nowMs).kind;
const work = (nowMs: number, ...all: readonly Shelved[]) =>
  freshWork(WISHED, shelves(...all), nowMs);

describe("how far a dump of now has come", () => {
  it.each<[string, number, readonly Shelved[]]>([
    ["wanted", 0, []],
    ["wanted", 5.9, [sold(HOME)]],
    ["given-up", 6, []],
    ["wanted", 1, [backup(HOME, { state: "failed" })]],
    ["taking", 0.1, [backup(HOME, { state: "making" })]],
    ["taking", 0.1, [backup(HOME, { isTimed: false })]],
    ["taken", 7, [backup(HOME)]],
    ["given-up", 48, [backup(HOME)]],
    ["copying", 1, [backup(HOME), backup(FAR, { state: "making" })]],
    ["taken", 1, [backup(HOME), backup(FAR, { state: "failed" })]],
    ["there", 1, [backup(HOME), backup(FAR)]],
    ["testing", 1.5, [backup(FAR, { testedMs: TESTED })]],
    ["refuted", 13, [backup(FAR, { testedMs: TESTED })]],
    ["frozen", 3, [PROVEN]],
    ["frozen", 300, [PROVEN]],
    ["refuted", 3, [REFUTED]],
    ["refuted", 3, [{ ...REFUTED, verifiedMs: ENDED - 1 }]],
    ["there", 3, [backup(HOME, { testedMs: TESTED, verifiedMs: ENDED }), backup(FAR)]],
  ])("is %s after %d hours with what there is", (kind, after, all) => {
    expect(stage(hours(after), ...all)).toBe(kind);
  });

  it("is there at once where the primary is in the region of the dumps", () => {
    const here = { askedMs: ASKED, frozenIn: HOME };
    expect(freshStage([backup(HOME)], here, ASKED).kind).toBe("there");
    expect(freshStage([backup(HOME, { state: "making" })], here, ASKED).kind).toBe("taking");
  });
});

describe("what is done for a dump of now", () => {
  it("is one backup of the primary, whatever was taken before", () => {
    expect(work(ASKED, sold(HOME), sold(FAR)).take).toEqual({
      ...{ kind: "take", instance: "acme", region: HOME, database: "acme-db", epoch: 1 },
      ...{ id: "sla-acme-20261121t100001z", tickMs: ASKED, schedules: ["fresh"] },
      because: "a person asked for a fresh dump",
    });
    expect(work(ASKED, backup(HOME, { state: "making" }))).toEqual({ isWaiting: true });
  });

  it("is one copy, from the original, to where dumps are made, and no other", () => {
    const { copy } = work(hours(1), backup(NEAR), backup(HOME));
    expect(copy).toMatchObject({ from: HOME, to: FAR });
    expect(work(hours(1), backup(HOME), backup(FAR, { state: "making" })).copy).toBeUndefined();
  });

  it("is one test there, after any other of the instance has ended", () => {
    const both = [backup(HOME), backup(FAR)];
    expect(work(hours(1), ...both).test).toMatchObject({ region: FAR, backup: { region: FAR } });
    const other = sold(NEAR, { testedMs: hours(0.5) });
    expect(work(hours(1), ...both, other)).toEqual({ isWaiting: true });
    expect(work(hours(1), ...both, { ...other, verifiedMs: hours(0.9) }).test).toBeDefined();
  });

  it.each([
    ["its dump is made", hours(3), [PROVEN]],
    ["its test has failed", hours(3), [REFUTED]],
    ["nothing could be taken", hours(6), []],
    ["two days have passed", hours(48), [backup(HOME)]],
  ])("is nothing once %s", (_, nowMs, all) => {
    expect(work(nowMs, ...all)).toEqual({ isWaiting: false });
  });

  it("is nothing where nobody asked, or no dumps are sold", () => {
    const { fresh: _fresh, ...unasked } = WISHED;
    const { dumpedIn: _dumpedIn, ...unsold } = WISHED;
    for (const wished of [unasked, unsold]) {
      expect(freshWork(wished, shelves(backup(HOME)), ASKED)).toEqual({ isWaiting: false });
    }
  });

  it("leaves a region alone that does not answer", () => {
    const silent = (region: typeof HOME | typeof FAR, ...all: readonly Shelved[]) =>
      freshWork(WISHED, new Map([...shelves(...all)].filter(([at]) => at !== region)), hours(1));
    expect(silent(HOME)).toEqual({ isWaiting: true });
    expect(silent(FAR, backup(HOME))).toEqual({ isWaiting: true });
  });
});

describe("a backup for a dump alone", () => {
  const spare = (nowMs: number, region: string, ...all: readonly Shelved[]) =>
    spareFresh(shelves(...all).get(region) ?? [], shelves(...all), FAR, nowMs).map(
      ({ backup: { id }, because }) => `${id}: ${because()}`,
    );
  const made = [backup(HOME), PROVEN] as const;

  it("goes when its dump is made or has failed, the original first, and none within six hours", () => {
    expect(spare(hours(5.9), HOME, ...made)).toEqual([]);
    expect(spare(hours(6), HOME, ...made)).toEqual([
      "sla-acme-20261121t100001z: its fresh dump was made, or failed",
    ]);
    expect(spare(hours(6), HOME, backup(HOME), REFUTED)).toHaveLength(1);
    expect(spare(hours(6), FAR, ...made)).toEqual([]);
    expect(spare(hours(6), FAR, PROVEN)).toHaveLength(1);
  });

  it("goes after two days without one, and not under a test", () => {
    expect(spare(hours(47), HOME, backup(HOME))).toEqual([]);
    expect(spare(hours(48), HOME, backup(HOME))).toEqual([
      "sla-acme-20261121t100001z: nobody waits for a fresh dump of it any more",
    ]);
    expect(spare(hours(48), FAR, backup(FAR, { testedMs: hours(47) }))).toEqual([]);
  });

  it("is never taken, copied or tested again after it went", () => {
    // Whatever is deleted in the order that the rule allows, nothing of it comes back.
    fc.assert(
      fc.property(fc.double({ min: 6, max: 60, noNaN: true }), (after) => {
        const now = hours(after);
        for (const left of [[...made], [PROVEN], []]) {
          const { take, copy, test } = work(now, ...left);
          expect([take, copy, test]).toEqual([undefined, undefined, undefined]);
        }
      }),
    );
  });

  it("stands for nothing that was sold", () => {
    const calendar = new ZoneCalendar("Europe/Zurich");
    const plan = { schedules: [{ name: "daily", keepNewest: 1 }] };
    const shelf = [sold(HOME), backup(HOME)];
    const { whyKept, spare: old } = sort(shelf, plan, calendar, hours(1));
    expect(whyKept(sold(HOME))).toBeUndefined();
    expect(whyKept(shelf[0] ?? sold(HOME))).toEqual(["schedule daily", "the newest"]);
    expect(whyKept(shelf[1] ?? backup(HOME))).toBeUndefined();
    expect(old).toEqual([]);
  });

  it("is tested for that alone, and its test counts as one of its place", () => {
    const calendar = new ZoneCalendar("Europe/Zurich");
    const tested = {
      ...{ instance: "acme", places: [HOME, NEAR, FAR], primary: { region: HOME } },
      ...({ testEvery: "1mo", frozenIn: FAR, dumpedIn: FAR } as const),
    };
    const later = hours(30);
    const all = [HOME, NEAR, FAR].map((region) => sold(region));
    const next = (...more: readonly Shelved[]) =>
      testOf(tested, shelves(...all, ...more), calendar, later);
    expect(next(backup(FAR))?.backup.id).toBe(sold(FAR).id);
    expect(next(backup(FAR, { testedMs: hours(29) }))).toBeUndefined();
    expect(next(PROVEN)?.region).not.toBe(FAR);
  });
});
