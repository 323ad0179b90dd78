import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Seal, Statements } from "../../../functions/report/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import { shownSeals } from "../../../functions/report/shown-seals.ts";
import { verify } from "../../../lib/operator/verify.ts";
import type { AnnotationRecord } from "../../../lib/sla/books/annotation.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import type { CancellationRecord, WindowRecord } from "../../../lib/sla/books/window.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const SITE = "eu-central-1";
const OTHER = "eu-west-1";

const WINDOW: WindowRecord = {
  ...{ window: "m1", kind: "planned", scope: "fleet", instances: ["acme"], by: "arn:ops" },
  ...{ fromAt: "2026-10-30T22:00:00.000Z", toAt: "2026-10-30T23:00:00.000Z" },
  ...{ reason: "new disks", announcedAt: "2026-09-27T10:00:00.000Z" },
};
const CANCELLED: CancellationRecord = {
  ...{ cancels: "m1", at: "2026-10-28T08:00:00.000Z", by: "arn:ops", reason: "not needed" },
};
const INCIDENT = "20260930235000000";
const SAID: AnnotationRecord = {
  ...{ instance: "acme", incident: INCIDENT, cause: "customer-code", reason: "their module" },
  ...{ by: "arn:ops", at: "2026-10-02T09:00:00.000Z" },
};
const TAKEN_BACK: AnnotationRecord = { ...SAID, cause: "none", at: "2026-10-03T09:00:00.000Z" };
const keyOf = ({ at }: AnnotationRecord) => keys.annotation("acme", INCIDENT, at);
const [ANNOUNCED, CALLED_OFF] = [keys.maintenance("m1"), keys.cancellation("m1")];

/** Announced in September, cancelled in October; an incident of both months, annotated and taken back in the second. */
async function world() {
  const [ledger, mirror] = [new MemoryLedger(SITE), new MemoryLedger(OTHER)];
  const vault = new MemoryLedger("frozen");
  ledger.put(ANNOUNCED, WINDOW, WINDOW.announcedAt);
  ledger.put(CALLED_OFF, CANCELLED, CANCELLED.at);
  for (const each of [SAID, TAKEN_BACK]) ledger.put(keyOf(each), each, each.at);
  const happened = { firstBadAt: "2026-09-30T23:50:00Z", firstGoodAt: "2026-10-01T00:10:00Z" };
  ledger.put(keys.incident("acme", INCIDENT), { instance: "acme", ...happened });
  let at = new Date("2026-09-29T00:16:00Z");
  const clock = { now: () => at };
  const fleet = fleetOf([instance("acme")]);
  const ports = {
    site: SITE,
    ledger,
    mirror: { name: OTHER, keeper: mirror },
    vault: { name: "frozen", keeper: vault },
    fleet,
    clock,
  };
  const seal = async (instant: string) => {
    at = new Date(instant);
    return sealDays(ports);
  };
  await seal("2026-09-29T00:16:00Z");
  await seal("2026-11-05T00:16:00Z");
  /** As whoever owns the ledgers can: that day and all after it. */
  const forge = async (from: string) => {
    for (const { key } of await ledger.list("seals/")) {
      const day = key.slice("seals/".length, -".json".length);
      if (day < from) continue;
      for (const each of [key, keys.statements(day)]) ledger.remove(each);
    }
    for (const { key } of await mirror.list("")) mirror.remove(key);
    ledger.remove(keys.carried(SITE));
    await seal("2026-11-05T00:16:00Z");
  };
  /** As if that day and all after it were still to be sealed. */
  const reseal = async (from: string) => {
    for (const { key } of await vault.list("")) vault.remove(key);
    await forge(from);
  };
  const frozen = (site: string, frozenSeals: readonly string[]) =>
    shownSeals(vault, site, { frozenSeals });
  const places = [{ name: SITE, shelf: ledger, frozen }];
  const look = async (month: string) => {
    const wish = { span: monthSpan(month, "UTC"), now: at, begin: () => undefined };
    const [found] = await verify(places, wish);
    return { looked: found?.statements, findings: found?.findings };
  };
  return { ledger, mirror, seal, forge, reseal, look };
}

describe("what was said of maintenance and incidents", () => {
  it("is sealed on the day that the ledger took it, and what was there before on the first", async () => {
    const { ledger, mirror, look } = await world();
    const sealed = (day: string) =>
      ledger.peek<Statements>(keys.statements(day))?.records.map(({ key }) => key);
    expect(sealed("2026-09-28")).toEqual([ANNOUNCED]);
    expect(sealed("2026-10-02")).toEqual([keyOf(SAID)]);
    expect(sealed("2026-10-28")).toEqual([CALLED_OFF]);
    expect(ledger.peek<Seal>(keys.daySeal("2026-10-04"))?.statements).toBeNull();
    const day = keys.statements("2026-10-28");
    expect(mirror.peek(keys.mirror(SITE, day))).toEqual(ledger.peek(day));
    expect(await look("2026-10")).toEqual({ looked: 4, findings: [] });
  });

  it.each<[string, string, readonly string[]]>([
    ["an announcement", ANNOUNCED, ["2026-10"]],
    ["a cancellation", CALLED_OFF, ["2026-10"]],
    ["an annotation", keyOf(TAKEN_BACK), ["2026-09", "2026-10"]],
  ])("is missed by its months if it is %s that was taken away or changed", async (_, key, told) => {
    const { ledger, look } = await world();
    const record = ledger.peek(key);
    for (const [change, what] of [
      [() => ledger.remove(key), "was taken away after its day was sealed"],
      [() => ledger.put(key, { torn: record }), "was changed after its day was sealed"],
    ] as const) {
      change();
      for (const month of ["2026-09", "2026-10", "2026-11"]) {
        const { findings } = await look(month);
        expect(findings).toEqual(told.includes(month) ? [{ key, what }] : []);
      }
    }
  });

  it.each([
    ["a failover", keys.failover("acme", "fo-1", "record"), { goodAt: "2026-10-05T10:00:00.000Z" }],
    ["a restore test", keys.restore("acme", "rt-1", "record"), { endedAt: "2026-10-05T10:00:00Z" }],
    ["a game day", keys.gameDay("acme", "gd-1", "record"), { endedAt: "2026-10-05T10:00:00Z" }],
    [
      "a pass over backups",
      keys.backupDeeds("2026-10-04T23:59:59.000Z", SITE),
      { at: "2026-10-04T23:59:59.000Z", deeds: [] },
    ],
  ])("is missed by its month if it is what %s recorded", async (_, key, record) => {
    const { ledger, reseal, look } = await world();
    // S3 dates a pass's record later than the day its key says.
    ledger.put(key, record, "2026-10-05T10:00:01.000Z");
    ledger.put(
      keys.failover("acme", "fo-1", "fence"),
      { at: "2026-10-05T09:00:00Z" },
      "2026-10-05T09:00:00Z",
    );
    await reseal("2026-10-05");
    expect(await look("2026-10")).toMatchObject({ looked: 5, findings: [] });
    ledger.put(key, { ...record, rtoSeconds: 54 }, "2026-10-05T10:00:01.000Z");
    expect(await look("2026-10")).toEqual({
      looked: 5,
      findings: [{ key, what: "was changed after its day was sealed" }],
    });
    ledger.remove(key);
    expect((await look("2026-10")).findings).toEqual([
      { key, what: "was taken away after its day was sealed" },
    ]);
    expect((await look("2026-11")).findings).toEqual([]);
  });

  it("is missed by its month if it is the mark of what was published, made anew or not", async () => {
    const { ledger, reseal, seal, look } = await world();
    const key = keys.published("2026-10");
    ledger.put(key, { month: "2026-10", documents: {} }, "2026-11-01T06:40:00.000Z");
    await reseal("2026-11-01");
    expect(await look("2026-10")).toEqual({ looked: 5, findings: [] });
    expect(await look("2026-11")).toMatchObject({ findings: [] });
    ledger.put(key, { month: "2026-10", documents: { a: "b" } }, "2026-11-05T10:00:00.000Z");
    const changed = [{ key, what: "was changed after its day was sealed" }];
    expect((await look("2026-10")).findings).toEqual(changed);
    await seal("2026-11-06T00:16:00Z");
    expect((await look("2026-10")).findings).toEqual(changed);
    expect((await look("2026-11")).findings).toEqual([]);
  });

  it("is missed like what was changed if it breaks off, or its list does", async () => {
    const { ledger, look } = await world();
    const text = ledger.text.bind(ledger);
    for (const torn of [CALLED_OFF, keys.statements("2026-10-28")]) {
      ledger.text = (key) => (key === torn ? Promise.reject(new SyntaxError("cut")) : text(key));
      const { findings } = await look("2026-10");
      expect(findings?.[0]).toEqual({ key: torn, what: "was changed after its day was sealed" });
    }
  });

  it("is missed by its month if it was said later, and all seals since were made anew", async () => {
    const { ledger, reseal, forge, look } = await world();
    const back: AnnotationRecord = { ...TAKEN_BACK, at: "2026-11-02T09:00:00.000Z" };
    ledger.put(keyOf(back), back, back.at);
    await reseal("2026-11-02");
    expect((await look("2026-10")).findings).toEqual([]);
    ledger.remove(keyOf(back));
    await forge("2026-11-02");
    const [key, what] = [keys.daySeal("2026-11-02"), "is not what lies in the frozen bucket"];
    for (const month of ["2026-10", "2026-11"]) {
      expect((await look(month)).findings?.[0]).toEqual({ key, what });
    }
    for (const day of ["2026-11-02", "2026-11-03", "2026-11-04"]) ledger.remove(keys.daySeal(day));
    expect((await look("2026-10")).findings?.[0]).toEqual({
      key,
      what: expect.stringMatching(/^lies elsewhere and not here/),
    });
  });

  it("is named if S3 dates it before a day was sealed that knows nothing of it", async () => {
    const { ledger, look } = await world();
    const key = keys.maintenance("m2");
    ledger.put(key, { ...WINDOW, window: "m2" }, "2026-10-01T08:00:00.000Z");
    expect((await look("2026-10")).findings).toEqual([
      { key, what: "came after the day that its ledger says was sealed" },
    ]);
    expect((await look("2026-09")).findings).toEqual([]);
  });

  it("is told of every month if the list itself is gone, or was written anew", async () => {
    const { ledger, look } = await world();
    const key = keys.statements("2026-10-28");
    ledger.put(key, { day: "2026-10-28", site: SITE, records: [] });
    ledger.remove(CALLED_OFF);
    for (const month of ["2026-10", "2026-11"]) {
      expect((await look(month)).findings).toEqual([
        { key, what: "was changed after its day was sealed" },
      ]);
    }
  });

  it("begins to be sealed with all there is where days were sealed without it", async () => {
    const { ledger, seal, look } = await world();
    const newest = keys.daySeal("2026-11-04");
    const { statements: _, ...old } = ledger.peek<Seal>(newest) as Seal;
    ledger.put(newest, old);
    await seal("2026-11-06T00:16:00Z");
    const list = ledger.peek<Statements>(keys.statements("2026-11-05"));
    expect(list?.records).toHaveLength(4);
    expect((await look("2026-12")).findings?.filter(({ key }) => key !== newest)).toEqual([]);
  });
});
