import { expect, it, vi } from "vitest";
import { newestRoles } from "../../functions/ledger/fleet.ts";
import { sealDays } from "../../functions/report/seal-days.ts";
import { beat } from "../../functions/watch/beat.ts";
import { instancesOf } from "../../lib/sla/shards.ts";
import { FakeClock } from "../fakes/clock.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";
import { WatchWorld } from "../fakes/watch-world.ts";
import { monthRecord } from "../fakes/whole-month.ts";

vi.setConfig({ testTimeout: 600_000 });

/** S3 Standard in eu-central-1, USD a thousand requests, November 2026: https://aws.amazon.com/s3/pricing/ */
const PRICES = { put: 0.0054, list: 0.0054, get: 0.00043 } as const;
const MOST_USD = 0.01;

const INSTANCES = 10_000;
/** Enough for four shards: what a shard asks for between two lists does not depend on how many there are. */
const HERE = 1000;
const FLEET = fleetOf(
  Array.from({ length: HERE }, (_, index) => instance(`i${index}`)),
  { ...QUICK_PLAN, availability: { objectivePercent: "99.9", exclusions: [] } },
);
const SITES = Object.keys(FLEET.sites);
const SHARD = "s00";
const THEIRS = instancesOf(FLEET, SHARD);
/** What a report reads for all of them it reads for these as well. */
const REPORTED = THEIRS.slice(0, 25);
const DAYS = 30;
const MINUTES = DAYS * 1440;
/** A list of ten thousand roles is believed for four hours, in each process of watch and beat, of three ledgers. */
const RELISTED = DAYS * 6;

type Requests = MemoryLedger["requests"];

/** How often each was asked while something was done. */
async function asked(ledgers: readonly MemoryLedger[], work: () => Promise<unknown>) {
  const before = ledgers.map(({ requests }) => ({ ...requests }));
  await work();
  const more = (kind: keyof Requests) =>
    ledgers.reduce((sum, { requests }, at) => sum + requests[kind] - (before[at]?.[kind] ?? 0), 0);
  return { put: more("put"), get: more("get"), list: more("list") };
}

/** So many times, for each instance that had a part in it. */
const each = (found: Requests, times: number, among: number): Requests => ({
  ...{ put: (found.put * times) / among, get: (found.get * times) / among },
  list: (found.list * times) / among,
});

const usd = ({ put, get, list }: Requests) =>
  (put * PRICES.put + get * PRICES.get + list * PRICES.list) / 1000;

it("a month of an instance among ten thousand costs no more than a cent of requests to its ledgers", async () => {
  const world = new WatchWorld(FLEET);
  world.isWarm = true;
  const ledgers = SITES.map((site) => world.ledgers.at(site));
  const watched = (from: number, minutes: number) => async () => {
    for (let minute = from; minute < from + minutes; minute += 1)
      for (const site of SITES) await world.tick(site, minute * 60, { shard: SHARD });
  };
  await watched(0, 1)();
  const ticks = await asked(ledgers, watched(1, 5));

  const hearts = SITES.map((region) => {
    const clock = new FakeClock("2026-03-02T11:00:00Z");
    return {
      ...{ region, clock, roles: newestRoles(world.ledgers.at, region, clock) },
      inventory: { describe: async () => new Map() },
      pulse: { beat: async () => [], read: async () => [] },
    };
  });
  const beaten = (minutes: readonly number[]) => async () => {
    for (const minute of minutes) {
      const begin = new Date(Date.parse("2026-03-02T11:00:00Z") + minute * 60_000);
      const scheduledTime = begin.toISOString();
      for (const heart of hearts) {
        await heart.clock.until(begin);
        await beat({ scheduledTime, shard: SHARD }, FLEET, heart);
      }
    }
  };
  await beaten([0])();
  const beats = await asked(ledgers, beaten([1, 2, 3, 4, 5]));

  const [owner, mirror] = [world.ledgers.at("eu-central-1"), world.ledgers.at("eu-west-1")];
  const vault = new MemoryLedger("frozen");
  const sealed = await asked([...ledgers, vault], () =>
    sealDays({
      ...{ site: "eu-central-1", ledger: owner, fleet: FLEET },
      mirror: { name: "eu-west-1", keeper: mirror },
      vault: { name: "frozen", keeper: vault },
      clock: { now: () => new Date("2026-03-03T00:16:00Z") },
    }),
  );
  const wish = {
    ...{ month: "2026-03", instances: REPORTED },
    now: () => Date.parse("2026-04-02T00:00:00Z"),
  };
  const reported = await asked(ledgers, () => monthRecord(wish, FLEET, ledgers));

  expect(ticks.list + beats.list).toBe(0);
  const pages = Math.ceil(INSTANCES / 1000) * SITES.length;
  const months = {
    watch: each(ticks, MINUTES / 5, THEIRS.length),
    beat: each(beats, MINUTES / 5, THEIRS.length),
    relisting: each({ put: 0, get: 0, list: pages * SITES.length * 2 }, RELISTED, THEIRS.length),
    // Of a day, a list of all records of 1,440 minutes, and each of them read, twice over.
    sealing: each({ ...sealed, get: sealed.get + 2 * 1440 }, DAYS * SITES.length, THEIRS.length),
    reading: each(reported, 1, REPORTED.length),
    publishing: { put: 3, get: 3, list: 0 },
  };
  const total = Object.values(months).reduce((sum, month) => sum + usd(month), 0);
  expect(total).toBeLessThanOrEqual(MOST_USD);
});
