import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { formatDuration, parseDuration } from "../../../lib/sla/duration.ts";
import { lab } from "../../../lib/sla/presets/lab.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { rpoAtRisk } from "../../../lib/sla/rpo.ts";
import { shardCount, shardOf } from "../../../lib/sla/shards.ts";
import { waitsSeconds } from "../../../lib/sla/waits.ts";

describe("durations", () => {
  test.for([
    ["15s", 15],
    ["5m", 300],
    ["24h", 86_400],
    ["7d", 604_800],
    [" 0s ", 0],
  ] as const)("%s is read", ([text, seconds]) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.for(["", "15", "s", "-5m", "1.5h", "5 m", "5min", "1w", "99999999999s"])(
    "'%s' is refused with what is allowed",
    (text) => {
      expect(() => parseDuration(text)).toThrow(/expected a number with s, m, h or d/);
    },
  );

  test.for([
    [0, "0s"],
    [1.25, "1.3s"],
    [59, "59s"],
    [60, "1m"],
    [1403, "23m 23s"],
    [86_400, "1d"],
    [90_061, "1d 1h"],
    [-397, "-6m 37s"],
  ] as const)("%d seconds are written %s", ([seconds, text]) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("whole amounts of a unit survive writing and reading", () => {
    const units = fc.constantFrom<[number, number][]>([1, 59], [60, 59], [3600, 23], [86_400, 365]);
    fc.assert(
      fc.property(units, fc.nat(1000), ([size, most], amount) => {
        const seconds = size * (amount % (most + 1));
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});

describe("waitsSeconds", () => {
  test.for([
    ["mintsys on AWS", mintsys, 60, 1, 285],
    ["mintsys at pace 60", mintsys, 60, 60, 4.75],
    ["the TTL not below a second", mintsys, 30, 60, 4.75],
    ["the lab plan, whose cadence has no floor", lab, 1, 1, 3],
    ["the lab plan paced", lab, 1, 10, 1.2],
  ] as const)(
    "adds up bad rounds, Multi-AZ and TTL: %s",
    ([, plan, ttlSeconds, pace, expected]) => {
      expect(waitsSeconds({ plan, ttlSeconds, pace })).toBeCloseTo(expected, 9);
    },
  );
});

describe("rpoAtRisk", () => {
  const beats = { standbyBeat: "2026-11-21T10:00:00.000Z", now: "2026-11-21T10:05:00.000Z" };

  test.for([
    ["the distance between both beats", { ...beats, primaryBeat: "2026-11-21T10:00:15.000Z" }, 15],
    ["the age of the standby's beat if the primary showed none", beats, 300],
    ["nothing when the standby has the newest", { ...beats, primaryBeat: beats.standbyBeat }, 0],
    ["nothing, never less", { ...beats, primaryBeat: "2026-11-21T09:59:00.000Z" }, 0],
    ["unknown when the standby never showed one", { now: beats.now }, undefined],
  ] as const)("is %s", ([, heartbeats, expected]) => {
    expect(rpoAtRisk(heartbeats)).toBe(expected);
  });
});

describe("shards", () => {
  test.for([
    [0, 1],
    [1, 1],
    [250, 1],
    [251, 2],
    [10_000, 40],
  ] as const)("%d instances make %d shards", ([instances, shards]) => {
    expect(shardCount(instances)).toBe(shards);
  });

  it("puts the same id into the same shard for ever", () => {
    expect([shardOf("acme", 4), shardOf("birch", 4), shardOf("cedar", 4)]).toEqual([
      "s03",
      "s01",
      "s00",
    ]);
  });

  it("names only shards that exist", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 120 }), (id, count) => {
        expect(Number(shardOf(id, count).slice(1))).toBeLessThan(count);
      }),
    );
  });

  it("spreads ten thousand instances without crowding one shard", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `customer-${index}`);
    const sizes = [...Map.groupBy(ids, (id) => shardOf(id, 40)).values()].map((all) => all.length);
    expect(sizes).toHaveLength(40);
    expect(Math.max(...sizes)).toBeLessThan(350);
  });
});
