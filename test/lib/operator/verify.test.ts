import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { mirroredIn } from "../../../functions/report/answering.ts";
import type { DayRollUp, Seal } from "../../../functions/report/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import { sha256 } from "../../../functions/report/sha256.ts";
import { shownSeals } from "../../../functions/report/shown-seals.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { type Place, verify } from "../../../lib/operator/verify.ts";
import { verifyLines } from "../../../lib/operator/verify-lines.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const SITE = "eu-central-1";
const OTHER = "eu-west-1";
const NOW = new Date("2026-10-06T06:16:00Z");
const GOOD = { a: "good", b: "good" } as const;
const BAD = { a: "bad", b: "bad" } as const;

function recordAt(at: string, verdict: "up" | "down", shard = "s00"): RoundRecord {
  const votes = verdict === "up" ? GOOD : BAD;
  const row = { epoch: 1, verdict, votes, database: "unknown" } as const;
  return { shard, site: SITE, scheduledTime: at, looks: [{ slot: at, instances: { acme: row } }] };
}

/** Five days of a site, sealed and carried, one of them with an outage. */
async function world() {
  const [ledger, mirror, vault] = [
    new MemoryLedger(SITE),
    new MemoryLedger(OTHER),
    new MemoryLedger("frozen"),
  ];
  for (const day of ["01", "02", "03", "04", "05"]) {
    for (const minute of ["00", "01", "02"]) {
      const verdict = day === "03" && minute === "01" ? "down" : "up";
      const record = recordAt(`2026-10-${day}T10:${minute}:00.000Z`, verdict);
      ledger.put(keys.round(record.scheduledTime, "s00"), record);
    }
  }
  let at = new Date("2026-10-02T00:16:00Z");
  const clock = { now: () => at };
  const ports = {
    ...{ site: SITE, ledger, fleet: fleetOf([instance("acme")]), clock },
    mirror: { name: OTHER, keeper: mirror },
    vault: { name: "frozen", keeper: vault },
  };
  await sealDays(ports);
  at = NOW;
  await sealDays(ports);
  const frozen: Place["frozen"] = (site, days) => shownSeals(vault, site, { frozenSeals: days });
  const places = [
    { name: SITE, shelf: ledger, frozen },
    { name: OTHER, shelf: mirror, frozen },
  ];
  const span = monthSpan("2026-10", "UTC");
  return {
    ...{ ledger, mirror, vault, ports },
    async look(now = NOW) {
      const [found] = await verify(places, { span, now, begin: () => undefined });
      if (!found) throw new Error("no place was looked at");
      return found;
    },
  };
}
type World = Awaited<ReturnType<typeof world>>;

const DOWN = keys.round("2026-10-03T10:01:00.000Z", "s00");
const ROLLED = keys.day("2026-10-03", "s00");
const SEALED = keys.daySeal("2026-10-03");

/** Seals a day anew after it was changed, as whoever owns the ledger can, up to the newest. */
function sealAnew({ ledger }: World, rollUp: DayRollUp): void {
  ledger.put(ROLLED, rollUp);
  let previous = ledger.peek<Seal>(SEALED)?.previous ?? null;
  for (const day of ["2026-10-03", "2026-10-04", "2026-10-05"]) {
    const seal = ledger.peek<Seal>(keys.daySeal(day));
    const rollUps = day === "2026-10-03" ? { s00: sha256(JSON.stringify(rollUp)) } : seal?.rollUps;
    const anew = { ...seal, rollUps, previous };
    ledger.put(keys.daySeal(day), anew);
    previous = { day, sha256: sha256(JSON.stringify(anew)) };
  }
}

describe("sla verify", () => {
  it("finds nothing where nothing was changed, and says what it looked at", async () => {
    const { look } = await world();
    const found = await look();
    expect(found).toEqual({
      ...{
        name: SITE,
        days: 5,
        frozen: 5,
        mirrored: 5,
        records: 15,
        statements: 0,
        findings: [],
        pending: [],
      },
    });
    const lines = verifyLines("2026-10", [found]);
    expect(lines.join("\n")).toMatch(/^OK: 2026-10 follows from records that nobody has/m);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each<[string, (world: World) => void, readonly (readonly [string, RegExp])[]]>([
    [
      "a record that was changed",
      ({ ledger }) => ledger.put(DOWN, recordAt("2026-10-03T10:01:00.000Z", "up")),
      [[DOWN, /^was changed after/]],
    ],
    [
      "a record that was taken away",
      ({ ledger }) => ledger.remove(DOWN),
      [[DOWN, /^was taken away after/]],
    ],
    [
      "records that came afterwards, also of a shard that had none",
      ({ ledger }) => {
        ledger.put(keys.round("2026-10-03T11:00:00.000Z", "s00"), { any: "thing" });
        const late = recordAt("2026-10-03T11:00:00.000Z", "up", "s01");
        ledger.put(keys.round(late.scheduledTime, "s01"), late);
      },
      [
        [keys.round("2026-10-03T11:00:00.000Z", "s00"), /^came after its day was sealed/],
        [keys.round("2026-10-03T11:00:00.000Z", "s01"), /^came after its day was sealed/],
      ],
    ],
    [
      "a roll-up that was changed",
      ({ ledger }) => {
        const rollUp = ledger.peek<DayRollUp>(ROLLED);
        ledger.put(ROLLED, { ...rollUp, instances: {} });
      },
      [[ROLLED, /^was changed after/]],
    ],
    [
      "a roll-up that was taken away",
      ({ ledger }) => ledger.remove(ROLLED),
      [[ROLLED, /^was taken away after/]],
    ],
    [
      "a seal that was changed",
      ({ ledger }) => ledger.put(SEALED, { ...ledger.peek<Seal>(SEALED), previous: null }),
      [
        [SEALED, /^does not name seals\/2026-10-02\.json/],
        [keys.daySeal("2026-10-04"), /^does not name seals\/2026-10-03\.json as it is/],
        [SEALED, /^is not what lies in the frozen bucket/],
        [SEALED, /^is not what lies in the other ledger/],
      ],
    ],
    [
      "a seal that was taken away from the middle",
      ({ ledger }) => ledger.remove(SEALED),
      [
        [SEALED, /^is not there/],
        [keys.daySeal("2026-10-04"), /^does not name seals\/2026-10-02\.json as it is/],
      ],
    ],
    [
      "the newest seal taken away, its records with it",
      ({ ledger }) => {
        ledger.remove(keys.daySeal("2026-10-05"));
        for (const key of ledger.keys("rounds/2026-10-05/")) ledger.remove(key);
      },
      [[keys.daySeal("2026-10-05"), /^is not there/]],
    ],
    [
      "a chain that was computed anew",
      (of) => {
        of.ledger.put(DOWN, recordAt("2026-10-03T10:01:00.000Z", "up"));
        const rollUp = of.ledger.peek<DayRollUp>(ROLLED) as DayRollUp;
        const changed = sha256(JSON.stringify(of.ledger.peek(DOWN)));
        const records = rollUp.records.map(([name, sum]) =>
          name.startsWith("100100") ? ([name, changed] as const) : ([name, sum] as const),
        );
        const acme = { everySeconds: 15, minutes: "600-3u" };
        sealAnew(of, { ...rollUp, records, instances: { ...rollUp.instances, acme } });
      },
      ["2026-10-03", "2026-10-04", "2026-10-05"].flatMap((day) => [
        [keys.daySeal(day), /^is not what lies in the frozen bucket/] as const,
        [keys.daySeal(day), /^is not what lies in the other ledger/] as const,
      ]),
    ],
  ])("finds %s", async (_what, change, expected) => {
    const of = await world();
    change(of);
    const { findings } = await of.look();
    const found = findings.filter(({ what }) => !what.startsWith("does not follow"));
    expect(found.map(({ key }) => key)).toEqual(expected.map(([key]) => key));
    for (const [index, [, what]] of expected.entries()) expect(found[index]?.what).toMatch(what);
  });

  it.each<[string, string, RegExp]>([
    ["a roll-up that breaks off", ROLLED, /^was changed after/],
    ["a seal that breaks off", SEALED, /^is not there, or is no seal any more/],
  ])("finds %s, and goes on", async (_what, key, what) => {
    const { ledger, look } = await world();
    const text = ledger.text.bind(ledger);
    const torn = Object.assign(new Error("unexpected end of file"), { code: "Z_BUF_ERROR" });
    ledger.text = (asked) => (asked === key ? Promise.reject(torn) : text(asked));
    ledger.remove(keys.round("2026-10-05T10:00:00.000Z", "s00"));
    const { findings } = await look();
    expect(findings.find((each) => each.key === key)?.what).toMatch(what);
    expect(findings.at(-1)?.what).toMatch(/^was taken away/);
  });

  it("finds what lies where a seal was and is none", async () => {
    const { ledger, look } = await world();
    for (const lies of ["nonsense", null, {}, { day: "2026-10-03", site: SITE, rollUps: null }]) {
      ledger.put(SEALED, lies);
      expect((await look()).findings[0]).toEqual({
        key: SEALED,
        what: expect.stringMatching(/no seal any more/),
      });
    }
  });

  it("finds minutes that were sealed and do not follow from their records", async () => {
    const of = await world();
    const rollUp = of.ledger.peek<DayRollUp>(ROLLED) as DayRollUp;
    const acme = { everySeconds: 15, minutes: "600-3u" };
    sealAnew(of, { ...rollUp, instances: { acme } });
    const { findings } = await of.look();
    expect(findings.at(-1)).toEqual({ key: ROLLED, what: "does not follow from its records" });
  });

  it("does not call days proven that nobody has sealed", async () => {
    const { ledger, look } = await world();
    const early = recordAt("2026-09-30T23:59:00.000Z", "up");
    ledger.put(keys.round(early.scheduledTime, "s00"), early);
    expect((await look()).findings).toEqual([
      { key: keys.daySeal("2026-09-30"), what: expect.stringMatching(/is not sealed$/) },
    ]);
  });

  it("owes nothing of a day until the pass that seals it must have ended", async () => {
    const { ledger, mirror, vault, look } = await world();
    const key = keys.daySeal("2026-10-06");
    const record = recordAt("2026-10-06T10:00:00.000Z", "up");
    ledger.put(keys.round(record.scheduledTime, "s00"), record);
    expect((await look(new Date("2026-10-07T00:14:59Z"))).pending).toEqual([]);
    const early = await look(new Date("2026-10-07T01:31:59Z"));
    expect(early).toMatchObject({
      ...{ days: 5, findings: [] },
      pending: [{ key, dueBy: "2026-10-07T01:32:00.000Z" }],
    });
    const lines = verifyLines("2026-10", [early]);
    expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain(
      "seals/2026-10-06.json is not there yet: its pass is due, by 2026-10-07T01:32Z",
    );
    expect(lines.join("\n")).toMatch(/^OK: /m);
    expect((await look(new Date("2026-10-07T01:32:00Z"))).findings).toMatchObject([{ key }]);
    mirror.put(keys.mirror(SITE, key), { day: "2026-10-06" });
    const taken = await look(new Date("2026-10-07T00:16:00Z"));
    expect(taken).toMatchObject({ findings: [{ key }], pending: [] });
    expect(vault.keys()).toHaveLength(5);
  });

  it("says where nobody else has the seals", async () => {
    const found = await (await world()).look();
    const words = (place: typeof found) =>
      verifyLines("2026-10", [place]).join(" ").replaceAll(/\s+/g, " ");
    for (const known of [{ frozen: null }, { mirrored: null }, {}]) {
      expect(words({ ...found, ...known })).not.toContain("nowhere else");
    }
    for (const nobody of [null, 0]) {
      expect(words({ ...found, frozen: nobody, mirrored: null })).toMatch(
        /OK: 2026-10 follows .* But the seals of eu-central-1 were found nowhere else/,
      );
    }
  });

  it("holds the seals of a site that has left against the frozen bucket as well", async () => {
    const { mirror, vault } = await world();
    const shelf = mirroredIn(mirror, SITE);
    const frozen: Place["frozen"] = (site, days) => shownSeals(vault, site, { frozenSeals: days });
    const wish = { span: monthSpan("2026-10", "UTC"), now: NOW, begin: () => undefined };
    const look = () => verify([{ name: SITE, shelf, frozen, isFormer: true }], wish);
    expect(await look()).toMatchObject([{ days: 5, frozen: 5, findings: [] }]);
    vault.put(keys.frozenSeal(SITE, "2026-10-05"), { day: "2026-10-05" });
    expect(await look()).toMatchObject([
      { frozen: 4, findings: [{ what: "is not what lies in the frozen bucket" }] },
    ]);
  });

  it("rejects if a ledger does not answer", async () => {
    const { ledger, look } = await world();
    ledger.reachable = false;
    await expect(look()).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});
