import { describe, expect, it } from "vitest";
import { keys, prefixes } from "../../../functions/ledger/contract.ts";
import type { DayRollUp } from "../../../functions/report/contract.ts";
import { formerSites } from "../../../functions/report/former-sites.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { seenMinutes } from "../../../lib/books/seen-minutes.ts";
import { verify } from "../../../lib/operator/verify.ts";
import { fleetOf } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

const LEFT = "eu-north-1";
const CONTROL = "eu-west-1";
const SITES = [CONTROL, "eu-central-1"];
const AT = "2026-10-01T10:00:00.000Z";
const span = { fromMs: Date.parse("2026-10-01T00:00Z"), toMs: Date.parse("2026-11-01T00:00Z") };

/** A site that saw acme down for a minute and is in the fleet no more; control keeps its days. */
async function world() {
  const ledgers = new MemoryLedgers();
  const votes = { a: "bad", b: "bad" } as const;
  const row = { epoch: 1, verdict: "down", votes, database: "unknown" } as const;
  const looks = [{ slot: AT, instances: { acme: row } }];
  const record: RoundRecord = { shard: "s00", site: LEFT, scheduledTime: AT, looks };
  ledgers.at(LEFT).put(keys.round(AT, "s00"), record);
  await sealDays({
    ...{ site: LEFT, ledger: ledgers.at(LEFT), vault: undefined, fleet: fleetOf([]) },
    mirror: { name: CONTROL, keeper: ledgers.at(CONTROL) },
    clock: { now: () => new Date("2026-10-03T00:16:00Z") },
  });
  const keepers = SITES.map((name) => ({ name, shelf: ledgers.at(name) }));
  const former = (first = "2026-10-01", last = "2026-10-31", sites = SITES) =>
    formerSites(sites, keepers, [first, last]);
  return { ledgers, former };
}

describe("a site that has left the fleet", () => {
  it("is found by what another ledger keeps of the days that are asked for", async () => {
    const { former } = await world();
    expect(await former()).toMatchObject([{ site: LEFT, readIn: CONTROL }]);
    expect(await former("2026-09-01", "2026-09-30")).toEqual([]);
    expect(await former("2026-10-01", "2026-10-31", [...SITES, LEFT])).toEqual([]);
  });

  it("has still seen what it saw, and nothing on days that nobody keeps", async () => {
    const { former } = await world();
    const [found] = await former();
    if (!found) throw new Error("nobody was found");
    expect(await found.shelf.list(prefixes.rounds("2026-10-03"))).toEqual([]);
    const wish = { span, everySeconds: new Map([["acme", 60]]), now: () => span.toMs };
    const seen = await seenMinutes([found.shelf], wish);
    expect(seen.intervalsOf("acme")).toMatchObject([{ state: "down", fromMs: Date.parse(AT) }]);
    expect(seen.evidence.seals).toMatchObject([{ site: LEFT, day: "2026-10-02" }]);
  });

  it("is verified as far as its evidence is kept", async () => {
    const { ledgers, former } = await world();
    const look = async () => {
      const places = (await former()).map(({ site, shelf }) => ({
        ...{ name: site, shelf, frozen: undefined, isFormer: true as const },
      }));
      const [found] = await verify(places, { span, now: new Date(span.toMs), begin: () => {} });
      return found;
    };
    expect(await look()).toMatchObject({ days: 2, records: 0, mirrored: null, findings: [] });
    const key = keys.mirror(LEFT, keys.day("2026-10-01", "s00"));
    const rollUp = ledgers.at(CONTROL).peek<DayRollUp>(key);
    ledgers.at(CONTROL).put(key, { ...rollUp, instances: {} });
    expect((await look())?.findings).toEqual([
      { key: keys.day("2026-10-01", "s00"), what: "was changed after its day was sealed" },
    ]);
  });

  it("is passed over where its keeper does not answer", async () => {
    const { ledgers, former } = await world();
    ledgers.cutOff(CONTROL);
    expect(await former()).toEqual([]);
  });
});
