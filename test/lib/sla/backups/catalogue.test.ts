import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backupId,
  hasOurName,
  instanceInName,
  type Listed,
  shelved,
  TAGS,
  tagsOf,
} from "../../../../lib/sla/backups/catalogue.ts";

const TICK = Date.parse("2026-11-21T03:00:00Z");
const TOLD = tagsOf({ instance: "acme", schedules: ["daily", "every 6h"], tickMs: TICK });
const LISTED: Listed = {
  ...{ id: backupId("acme", TICK), region: "eu-west-1", status: "available", isCopy: true },
  ...{ takenAt: "2026-11-21T03:00:09.000Z", tags: TOLD },
};

describe("a name", () => {
  it("says whose backup it is, and of when; RDS takes it", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z](-?[a-z0-9]){0,30}$/),
        fc.date({ min: new Date("2020-01-01"), max: new Date("2099-01-01"), noInvalidDate: true }),
        fc.integer({ min: 1, max: 99_999 }),
        (instance, at, epoch) => {
          const id = backupId(instance, at.getTime(), epoch);
          expect(id).toMatch(/^[a-z](?!.*--)[a-z0-9-]{0,254}(?<!-)$/);
          expect([hasOurName(id), instanceInName(id)]).toEqual([true, instance]);
        },
      ),
    );
  });

  it.each(["by-hand", "sla-acme-final", "rds:acme-2026-11-21-04-00", "awsbackup:job-1"])(
    "is not ours: %s",
    (id) => {
      expect(hasOurName(id)).toBe(false);
    },
  );
});

describe("tags", () => {
  it("are read as they were written", () => {
    expect(shelved(LISTED)).toEqual({
      ...{
        id: LISTED.id,
        region: "eu-west-1",
        instance: "acme",
        tickMs: TICK,
        isCopy: true,
        epoch: 1,
      },
      ...{ schedules: ["daily", "every 6h"], takenMs: TICK + 9000, isTimed: true },
      ...{ state: "available", isHeld: false },
    });
  });

  it("hold what AWS allows in a tag", () => {
    for (const [key, value] of Object.entries(TOLD)) {
      expect(key).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
      expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
    }
  });

  it.each([
    ["managed", undefined],
    ["managed", "yes"],
    ["instance", undefined],
    ["schedules", undefined],
    ["tick", undefined],
    ["tick", "yesterday"],
    ["instance", "oak"],
    ["tick", "2027-11-21T03:00:00.000Z"],
  ] as const)("without a good %s (%s) make it nobody's", (name, value) => {
    const { [TAGS[name]]: _, ...rest } = TOLD;
    const tags = value === undefined ? rest : { ...rest, [TAGS[name]]: value };
    expect(shelved({ ...LISTED, tags })).toBeUndefined();
  });

  it.each([
    ["available", "available"],
    ["creating", "making"],
    ["pending", "making"],
    ["copying", "making"],
    ["a status of tomorrow", "making"],
    ["failed", "failed"],
    ["deleting", "going"],
  ])("with the status %s it is %s", (status, state) => {
    expect(shelved({ ...LISTED, status })?.state).toBe(state);
  });

  it.each([undefined, "soon"])(
    "without a time (%s) it goes by its tick, and says so",
    (takenAt) => {
      const { takenAt: _, ...rest } = LISTED;
      const found = shelved({ ...rest, ...(takenAt !== undefined && { takenAt }) });
      expect(found).toMatchObject({ takenMs: TICK, isTimed: false });
    },
  );
});
