import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Carried, DayRollUp, Seal } from "../../../functions/report/contract.ts";
import { allCarried, sealDays } from "../../../functions/report/seal-days.ts";
import { sha256 } from "../../../functions/report/sha256.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const SITE = "eu-central-1";
const VOTES = { one: "good", two: "good", three: "good" } as const;

function record(at: string, verdict: "up" | "down" = "up", shard = "s00"): RoundRecord {
  const votes = verdict === "up" ? VOTES : ({ ...VOTES, one: "bad", two: "bad" } as const);
  const row = { epoch: 1, verdict, votes, database: "unknown" } as const;
  return { shard, site: SITE, scheduledTime: at, looks: [{ slot: at, instances: { acme: row } }] };
}

/** A site, another that mirrors it, a bucket that nobody changes, and a clock. */
function world(now: string) {
  const [ledger, mirror, vault] = [SITE, "eu-west-1", "frozen"].map(
    (at) => new MemoryLedger(at),
  ) as [MemoryLedger, MemoryLedger, MemoryLedger];
  let at = new Date(now);
  const ports = {
    ...{ site: SITE, ledger },
    mirror: { name: "eu-west-1", keeper: mirror },
    vault: { name: "frozen", keeper: vault },
    fleet: fleetOf([instance("acme")]),
    clock: { now: () => at },
  };
  const put = (...records: readonly RoundRecord[]) => {
    for (const each of records) ledger.put(keys.round(each.scheduledTime, each.shard), each);
  };
  return {
    ...{ ledger, mirror, vault, ports, put },
    seal: () => sealDays(ports),
    turn: (instant: string) => {
      at = new Date(instant);
    },
  };
}

const sealIn = (ledger: MemoryLedger, day: string) => ledger.peek<Seal>(keys.daySeal(day));

describe("a day that is over", () => {
  it("is sealed with what was seen and the SHA-256 of every record", async () => {
    const { ledger, put, seal } = world("2026-10-02T00:16:00Z");
    const [early, late] = [
      record("2026-10-01T00:00:00.000Z"),
      record("2026-10-01T23:59:00.000Z", "down"),
    ];
    put(late, early, record("2026-10-02T00:00:00.000Z"));
    expect(await seal()).toMatchObject({ sealed: ["2026-10-01"], failures: [] });
    const rollUp = ledger.peek<DayRollUp>(keys.day("2026-10-01", "s00"));
    expect(rollUp).toEqual({
      ...{ day: "2026-10-01", site: SITE, shard: "s00" },
      records: [
        ["000000-s00.json.gz", sha256(JSON.stringify(early))],
        ["235900-s00.json.gz", sha256(JSON.stringify(late))],
      ],
      evidence: { rounds: 2, unreadable: [], misplaced: [], fromTheFuture: [] },
      instances: {
        acme: {
          ...{ everySeconds: expect.any(Number), minutes: "1u1438-1d" },
          timezone: "Europe/Zurich",
        },
      },
    });
    expect(sealIn(ledger, "2026-10-01")).toEqual({
      ...{ day: "2026-10-01", site: SITE, previous: null },
      rollUps: { s00: sha256(JSON.stringify(rollUp)) },
      ...{ statements: null, tickets: null, left: null },
    });
  });

  it("waits until its last records are there", async () => {
    const { seal, ledger } = world("2026-10-02T00:14:59Z");
    expect((await seal()).sealed).toEqual(["2026-09-30"]);
    expect(ledger.keys("seals/")).toEqual([keys.daySeal("2026-09-30")]);
  });

  it("is sealed after the one before, also where passes were missed and nothing was recorded", async () => {
    const { ledger, put, seal, turn } = world("2026-10-02T00:16:00Z");
    put(record("2026-10-01T10:00:00.000Z"));
    await seal();
    turn("2026-10-05T06:16:00Z");
    put(record("2026-10-04T10:00:00.000Z"));
    expect((await seal()).sealed).toEqual(["2026-10-02", "2026-10-03", "2026-10-04"]);
    const days = ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"];
    const names = days.map((day) => ({ day, sha256: sha256(JSON.stringify(sealIn(ledger, day))) }));
    expect(days.map((day) => sealIn(ledger, day)?.previous)).toEqual([null, ...names.slice(0, 3)]);
    expect(sealIn(ledger, "2026-10-03")?.rollUps).toEqual({});
  });

  it("is sealed after all before it that a site has records of, from the oldest on", async () => {
    const { ledger, put, seal } = world("2026-10-05T06:16:00Z");
    put(record("2026-10-02T10:00:00.000Z"), record("2026-10-04T10:00:00.000Z"));
    put(record("2026-07-01T10:00:00.000Z"));
    const { sealed } = await seal();
    expect(sealed).toEqual(["2026-10-02", "2026-10-03", "2026-10-04"]);
    expect(sealIn(ledger, "2026-10-02")?.previous).toBeNull();
    expect(sealIn(ledger, "2026-10-04")?.previous?.day).toBe("2026-10-03");
  });

  it("goes on after the last day that a first pass which died had sealed", async () => {
    const { ledger, ports, put, seal } = world("2026-10-05T06:16:00Z");
    put(record("2026-10-02T10:00:00.000Z"), record("2026-10-04T10:00:00.000Z"));
    const create = ledger.create.bind(ledger);
    ledger.create = async (key, value) => {
      if (key === keys.daySeal("2026-10-03")) throw new Error("killed");
      return create(key, value);
    };
    await expect(sealDays(ports)).rejects.toThrow("killed");
    ledger.create = create;
    expect((await seal()).sealed).toEqual(["2026-10-03", "2026-10-04"]);
  });

  it("stays as it was sealed, whatever comes later", async () => {
    const { ledger, put, seal } = world("2026-10-02T00:16:00Z");
    put(record("2026-10-01T10:00:00.000Z", "down"));
    await seal();
    put(record("2026-10-01T10:00:00.000Z"), record("2026-10-01T11:00:00.000Z"));
    const writes = ledger.writes.length;
    expect((await seal()).sealed).toEqual([]);
    expect(ledger.writes.slice(writes)).toEqual([]);
  });

  it("takes what a pass that died had rolled up", async () => {
    const dying = world("2026-10-02T00:16:00Z");
    dying.put(record("2026-10-01T10:00:00.000Z", "down"));
    const create = dying.ledger.create.bind(dying.ledger);
    dying.ledger.create = async (key, value) => {
      if (key.startsWith("seals/")) throw new Error("killed");
      return create(key, value);
    };
    await expect(dying.seal()).rejects.toThrow("killed");
    dying.ledger.create = create;
    dying.put(record("2026-10-01T11:00:00.000Z"));
    await dying.seal();
    const rollUp = dying.ledger.peek<DayRollUp>(keys.day("2026-10-01", "s00"));
    expect(rollUp?.records).toHaveLength(1);
    const sealed = sealIn(dying.ledger, "2026-10-01")?.rollUps["s00"];
    expect(sealed).toBe(sha256(JSON.stringify(rollUp)));
  });
});

describe("a sealed day", () => {
  it("lies in another site's ledger and in the frozen bucket as well", async () => {
    const { ledger, mirror, vault, put, seal } = world("2026-10-02T00:16:00Z");
    put(record("2026-10-01T10:00:00.000Z"));
    const { carried } = await seal();
    expect(carried).toEqual({
      mirrored: { to: "eu-west-1", day: "2026-10-01" },
      frozen: { to: "frozen", day: "2026-10-01" },
    });
    for (const key of [keys.day("2026-10-01", "s00"), keys.daySeal("2026-10-01")]) {
      expect(mirror.peek(keys.mirror(SITE, key))).toEqual(ledger.peek(key));
    }
    expect(vault.keys()).toEqual([keys.frozenSeal(SITE, "2026-10-01")]);
    expect(await vault.text(keys.frozenSeal(SITE, "2026-10-01"))).toBe(
      await ledger.text(keys.daySeal("2026-10-01")),
    );
  });

  it("is carried there as soon as that answers again, in order", async () => {
    const { ledger, mirror, seal, turn } = world("2026-10-02T00:16:00Z");
    mirror.reachable = false;
    const report = await seal();
    expect(report).toMatchObject({ carried: { frozen: { to: "frozen", day: "2026-10-01" } } });
    expect(() => allCarried(report)).toThrow(/^mirrored: eu-west-1: .* no answer$/);
    turn("2026-10-03T00:16:00Z");
    mirror.reachable = true;
    expect((await seal()).failures).toEqual([]);
    expect(mirror.keys("mirrors/eu-central-1/seals/")).toHaveLength(2);
    expect(ledger.peek<Carried>(keys.carried(SITE))).toEqual({
      mirrored: { to: "eu-west-1", day: "2026-10-02" },
      frozen: { to: "frozen", day: "2026-10-02" },
    });
  });

  it("is carried to a place that has changed from the first one on, and to one that nobody named", async () => {
    const { ledger, vault, ports, seal, turn } = world("2026-10-02T00:16:00Z");
    await seal();
    ledger.put(keys.carried(SITE), { mirrored: "2026-10-01", frozen: "2026-10-01" });
    turn("2026-10-03T00:16:00Z");
    const [other, colder] = [new MemoryLedger("us-east-1"), new MemoryLedger("colder")];
    const moved = { ...ports, mirror: { name: "us-east-1", keeper: other } };
    const { carried } = await sealDays(moved);
    expect(other.keys("mirrors/eu-central-1/seals/")).toHaveLength(2);
    expect(carried.frozen).toEqual({ to: "frozen", day: "2026-10-02" });
    expect(vault.keys()).toHaveLength(2);
    await sealDays({ ...moved, vault: { name: "colder", keeper: colder } });
    expect(colder.keys()).toEqual(
      ["2026-10-01", "2026-10-02"].map((d) => keys.frozenSeal(SITE, d)),
    );
  });

  it("that was put there otherwise before is told, not overwritten", async () => {
    const { vault, seal } = world("2026-10-02T00:16:00Z");
    vault.put(keys.frozenSeal(SITE, "2026-10-01"), { day: "2026-10-01", forged: true });
    const report = await seal();
    expect(report.failures).toEqual([expect.stringMatching(/^frozen: seals\/.*sla verify$/)]);
    expect(report.carried).toEqual({ mirrored: { to: "eu-west-1", day: "2026-10-01" } });
    expect(vault.writes).toHaveLength(1);
  });

  it("that was made anew after it was carried is told by the next pass", async () => {
    const { ledger, seal, turn } = world("2026-10-02T00:16:00Z");
    await seal();
    ledger.put(keys.daySeal("2026-10-01"), {
      ...ledger.peek<Seal>(keys.daySeal("2026-10-01")),
      n: 1,
    });
    turn("2026-10-03T00:16:00Z");
    expect((await seal()).failures).toEqual([
      expect.stringMatching(/^mirrored: mirrors\/.*sla verify$/),
      expect.stringMatching(/^frozen: seals\/.*sla verify$/),
    ]);
  });
});
