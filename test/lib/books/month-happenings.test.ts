import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deedsIn } from "../../../lib/books/month-deeds.ts";
import { happeningsOf } from "../../../lib/books/month-happenings.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

const SPAN = monthSpan("2026-10", "Europe/Zurich");
const INCIDENT = {
  ...{ instance: "acme", incident: "20261005" },
  ...{ firstBadAt: "2026-10-05T10:00:00.000Z", openedAt: "2026-10-05T10:00:30.000Z" },
};
const FAILOVER = {
  ...{ id: "fo-1", goodAt: "2026-10-05T10:20:00.000Z" },
  request: { instance: "acme", incident: "20261005", trigger: "watch" },
  measured: { rtoSeconds: 1200, rpoSeconds: 3.5, rpoProvisional: true },
  timeline: [{ step: "fence", at: "2026-10-05T10:05:00.000Z", detail: "fenced", tookMs: 4 }],
};
const TEST = {
  ...{ instance: "acme", test: "rt-1", backup: "b-1", region: "eu-west-1", trigger: "schedule" },
  ...{ ok: true, startedAt: "2026-10-08T01:00:00.000Z", endedAt: "2026-10-08T03:00:00.000Z" },
  ...{ restoreSeconds: 900, rows: 1234, checks: [] },
};

interface Asked {
  readonly order?: readonly string[];
  readonly plan?: Pick<Plan, "imageTests">;
}

async function found(
  fill: (at: MemoryLedgers["at"]) => void,
  { order = ["one", "two"], plan = {} }: Asked = {},
) {
  const ledgers = new MemoryLedgers();
  fill(ledgers.at);
  const shelves = order.map(ledgers.at);
  const deeds = await deedsIn(shelves, SPAN, [{ id: "acme" }]);
  return happeningsOf(shelves, SPAN, { id: "acme", plan }, deeds.of("acme"));
}

/** With something else where one of its values was. */
const mutated = (record: object) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(record)), fc.jsonValue())
    .map(([key, value]) => ({ ...record, [key]: value }));

describe("what ledgers tell of a month", () => {
  it("is put together from the copies of an incident, in whichever order they are read", async () => {
    const done = { id: "fo-1", outcome: "done", at: "2026-10-05T10:20:00.000Z", epoch: 2 };
    const settled = { id: "fo-1", outcome: "settled", at: "2026-10-06T08:00:00.000Z" };
    const end = { firstGoodAt: "2026-10-05T10:21:00.000Z", closedAt: "2026-10-05T10:21:30.000Z" };
    const fill = (at: MemoryLedgers["at"]) => {
      const key = "incidents/acme/20261005.json";
      at("one").put(key, { ...INCIDENT, failovers: [done] });
      at("two").put(key, { ...INCIDENT, ...end, openedAt: undefined, failovers: [done, settled] });
      at("one").put("failovers/acme/fo-1/record.json", FAILOVER);
      at("one").put("failovers/acme/fo-1/fence.json", { torn: true });
    };
    const seen = await found(fill);
    expect(seen).toEqual(await found(fill, { order: ["two", "one"] }));
    expect(seen.incidents).toMatchObject([
      { ...end, openedAt: INCIDENT.openedAt, notes: [{ outcome: "done" }, { outcome: "settled" }] },
    ]);
    // The old primary was fenced the next day: what was lost is known for good.
    expect(seen.failovers).toMatchObject([
      { kind: "failover", rtoSeconds: 1200, rpoSeconds: 3.5, isProvisional: false },
    ]);
    expect(seen.failovers[0]?.steps).toEqual([{ step: "fence", at: "2026-10-05T10:05:00.000Z" }]);
  });

  it("tells a failover that somebody provoked on purpose", async () => {
    const key = "game-days/acme/gd-acme-1/record.json";
    const exercise = {
      ...{ instance: "acme", id: "gd-acme-1", outcome: "recovered", ok: true, failover: "fo-1" },
      ...{ endedAt: "2026-10-05T10:21:00.000Z", rtoSeconds: 1290.5 },
    };
    const seen = await found((at) => {
      at("one").put("failovers/acme/fo-1/record.json", FAILOVER);
      at("one").put("failovers/acme/fo-2/record.json", { ...FAILOVER, id: "fo-2" });
      for (const site of ["one", "two"]) at(site).put(key, exercise);
      at("two").put("game-days/acme/gd-acme-1/begun.json", { instance: "acme" });
    });
    expect(seen.failovers.map(({ id, gameDay }) => [id, gameDay])).toEqual([
      ["fo-1", key],
      ["fo-2", undefined],
    ]);
    expect(seen.gameDays).toMatchObject([
      { key, outcome: "recovered", ok: true, rtoSeconds: 1290.5 },
    ]);
    expect(seen.unreadable).toEqual([]);
  });

  it.each([
    [
      "an incident that ended before",
      { closedAt: "2026-09-30T21:59:59.000Z", firstBadAt: "2026-09-30T20:00:00.000Z" },
      0,
    ],
    [
      "one that reaches into it",
      { closedAt: "2026-09-30T22:00:01.000Z", firstBadAt: "2026-09-30T20:00:00.000Z" },
      1,
    ],
    ["one that goes on", {}, 1],
    ["one that began after", { firstBadAt: "2026-11-01T00:00:00.000Z" }, 0],
  ] as const)("has %s or not", async (_, changes, count) => {
    const seen = await found((at) =>
      at("one").put("incidents/acme/20261005.json", { ...INCIDENT, ...changes }),
    );
    expect(seen.incidents.length).toBe(count);
  });

  it("names what nobody can read or what is about somebody else, and goes by none of it", async () => {
    const seen = await found((at) => {
      at("one").put("incidents/acme/1.json", { ...INCIDENT, firstBadAt: "soon" });
      at("one").put("failovers/acme/fo-2/record.json", null);
      at("two").put("restores/acme/rt-1/record.json", { ...TEST, instance: "birch" });
    });
    expect(seen).toMatchObject({ incidents: [], failovers: [], restoreTests: [] });
    expect(seen.unreadable).toEqual([
      "failovers/acme/fo-2/record.json",
      "incidents/acme/1.json",
      "restores/acme/rt-1/record.json",
    ]);
  });

  const silent = (kind: string) => ({ answered: false, kind, message: "timed out" });
  it.each([
    ["a region that did not answer", {}, silent("region"), "site"],
    ["a database that is gone", {}, silent("gone"), "server"],
    ["a server that is silent", {}, silent("timed-out"), "server"],
    ["a server that answers", {}, { answered: true }, "server"],
    ["data of a server that answers", { at: "2026-10-05T09:00:00Z" }, { answered: true }, "data"],
    ["a silent server, by an instant", { at: "2026-10-05T09:00:00Z" }, silent("gone"), "server"],
    ["nobody knows what", {}, undefined, "server"],
  ] as const)("says of a recovery that it was of %s", async (_, recovery, primary, lost) => {
    const evidence = primary && { evidence: { at: FAILOVER.goodAt, primary } };
    const request = { ...FAILOVER.request, trigger: "person", recovery };
    const seen = await found((at) =>
      at("one").put("failovers/acme/rc-1/record.json", { ...FAILOVER, request, ...evidence }),
    );
    expect(seen.failovers).toMatchObject([{ kind: "recovery", lost }]);
  });

  it("knows the newest proof until its end, also one of a month before", async () => {
    const tests = [
      ["rt-0", { endedAt: "2026-09-02T03:00:00.000Z" }],
      ["rt-1", { ok: false }],
      ["rt-2", { endedAt: "2026-11-02T03:00:00.000Z" }],
    ] as const;
    const seen = await found((at) => {
      for (const [id, changes] of tests) {
        at("one").put(`restores/acme/${id}/record.json`, { ...TEST, ...changes });
      }
    });
    expect(seen.restoreTests).toMatchObject([{ ok: false, rows: 1234, froze: false }]);
    expect(seen.lastProof).toEqual({
      ...{ key: "restores/acme/rt-0/record.json", endedAt: "2026-09-02T03:00:00.000Z" },
    });
  });

  it.each([
    ["sold", { imageTests: { every: "1mo" } }],
    ["not sold", {}],
  ] as const)("knows machines that were started from images, where that is %s", async (_, plan) => {
    const booted = { instance: "acme", image: "sla-acme-1", region: "two", bootSeconds: 300 };
    const tests = [
      ["rt-1", { ok: true, endedAt: "2026-10-02T03:00:00.000Z" }],
      ["rt-2", { ok: false, endedAt: "2026-10-03T03:00:00.000Z" }],
      ["rt-3", { ok: true, endedAt: "2026-11-02T03:00:00.000Z" }],
      ["rt-4", { ok: true, endedAt: "soon" }],
    ] as const;
    const seen = await found(
      (at) => {
        for (const [id, each] of tests)
          at("two").put(`image-tests/acme/${id}.json`, { ...booted, ...each });
      },
      { plan },
    );
    const isSold = "imageTests" in plan;
    expect(seen.imageTests.map(({ ok, image }) => [ok, image])).toEqual(
      isSold
        ? [
            [true, "sla-acme-1"],
            [false, "sla-acme-1"],
          ]
        : [],
    );
    expect(seen.lastImageProof?.key).toBe(isSold ? "image-tests/acme/rt-1.json" : undefined);
    expect(seen.unreadable).toEqual(isSold ? ["image-tests/acme/rt-4.json"] : []);
    expect(seen.lastProof).toBeUndefined();
  });

  it("counts backups that RDS agreed to, where they lie then", async () => {
    const at = "2026-10-05T01:00:00.000Z";
    const deed = { kind: "take", id: "b-1", instance: "acme", region: "one", answer: "accepted" };
    const deeds = [
      deed,
      { ...deed, id: "b-2", answer: "refused" },
      { ...deed, kind: "copy", region: undefined, from: "one", to: "two" },
      { ...deed, kind: "delete" },
      { ...deed, instance: "birch" },
    ];
    const seen = await found((ledger) => {
      ledger("one").put("backups/2026-10-05/010000000-one.json", { at, region: "one", deeds });
      ledger("one").put("backups/2026-10-06/010000000-one.json", { at, region: "one", deeds });
    });
    expect(seen.backups.map(({ kind, region, backup }) => `${kind} ${region} ${backup}`)).toEqual([
      "take one b-1",
      "copy two b-1",
    ]);
  });

  it("is told whatever lies under its keys", async () => {
    const value = fc.oneof(fc.jsonValue(), mutated(INCIDENT), mutated(FAILOVER), mutated(TEST));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 5, maxLength: 5 }), async (values) => {
        const keys = ["incidents/acme/1.json", "failovers/acme/f/record.json"];
        const seen = await found((at) => {
          for (const [index, each] of values.entries()) {
            at("one").put(keys[index] ?? "restores/acme/r/record.json", each);
            at("two").put(keys[index] ?? "backups/2026-10-05/010000000-two.json", each);
          }
        });
        expect(seen.failovers.every(({ rtoSeconds }) => rtoSeconds >= 0)).toBe(true);
      }),
    );
  });

  it("is nothing at all if a ledger does not answer", async () => {
    const ledgers = new MemoryLedgers();
    ledgers.cutOff("two");
    const shelves = ["one", "two"].map(ledgers.at);
    const asking = happeningsOf(shelves, SPAN, { id: "acme", plan: {} }, []);
    await expect(deedsIn(shelves, SPAN, [])).rejects.toMatchObject({ code: "CloudUnreachable" });
    await expect(asking).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});
