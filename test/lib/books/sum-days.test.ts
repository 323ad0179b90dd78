import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import type { SealedDays } from "../../../functions/status/contract.ts";
import { DAYS_SHOWN, daysOf } from "../../../functions/status/days.ts";
import { sealedOf } from "../../../functions/status/sealed.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { sumDays } from "../../../lib/books/sum-days.ts";
import { LocalDays } from "../../../lib/sla/backups/local-days.ts";
import { sheetOf } from "../../../lib/sla/books/minute-sheet.ts";
import { tallyOf } from "../../../lib/sla/books/tally.ts";
import { mirrorOf } from "../../../lib/sla/mirror.ts";
import { fleetOf, instance, QUICK_PLAN } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";
import { monthReport } from "../../fakes/whole-month.ts";

const MINUTE = 60_000;
const DAY_MS = 86_400_000;
const CONTROL = "eu-west-1";
/** Two days before and three after clocks are put back in Europe. */
const BEGIN = Date.parse("2026-10-23T00:00:00Z");
const votes = { up: { a: "good", b: "good" }, down: { a: "bad", b: "bad" } } as const;
const EVERY = 120;
const IDS = ["acme", "birch"];

interface Seen {
  readonly minute: number;
  readonly id: string;
  readonly verdict: "up" | "down";
  readonly site: string;
}

function recordOf({ minute, id, verdict, site }: Seen): RoundRecord {
  const at = new Date(BEGIN + minute * MINUTE).toISOString();
  const row = { epoch: 1, verdict, votes: votes[verdict], database: "unknown" } as const;
  return { shard: "s00", site, scheduledTime: at, looks: [{ slot: at, instances: { [id]: row } }] };
}

/** A fleet whose books are kept in a zone; its sites seal what they have seen. */
class Office {
  readonly memory = new MemoryLedgers();
  readonly fleet;
  readonly calendar: LocalDays;
  nowMs = BEGIN;

  constructor(timezone: string, ids = IDS) {
    const fleet = fleetOf(
      ids.map((id) => instance(id)),
      { ...QUICK_PLAN, watch: { ...QUICK_PLAN.watch, everySeconds: EVERY } },
    );
    this.fleet = { ...fleet, provider: { ...fleet.provider, timezone } };
    this.calendar = new LocalDays(timezone);
  }

  get sites() {
    return Object.keys(this.fleet.sites);
  }

  saw(looks: readonly Seen[]): void {
    for (const each of looks) {
      const record = recordOf(each);
      const ledger = this.memory.at(each.site);
      const key = keys.round(record.scheduledTime, "s00");
      const there = ledger.peek<RoundRecord>(key);
      ledger.put(key, { ...record, looks: [...(there?.looks ?? []), ...record.looks] });
    }
  }

  async seal(at: number, sites = this.sites, isCarried = false): Promise<void> {
    this.nowMs = at;
    for (const site of sites) {
      const ledger = this.memory.at(site);
      const clock = { now: () => new Date(at) };
      const name = isCarried ? mirrorOf(site, this.fleet) : undefined;
      const mirror = name === undefined ? undefined : { name, keeper: this.memory.at(name) };
      await sealDays({ site, ledger, mirror, vault: undefined, fleet: this.fleet, clock });
    }
  }

  sum = (fleet = this.fleet) =>
    sumDays({
      ...{ fleet, ledgers: this.memory.at, ledger: this.memory.at(CONTROL) },
      now: () => this.nowMs,
    });

  get sums() {
    return this.memory.at(CONTROL).peek<SealedDays>(keys.statusDays());
  }

  /** What the page shows of each day, where nothing else is known. */
  shown(id: string) {
    const of = sealedOf(this.sums, this.fleet.provider.timezone, id);
    const course = { sinceMs: 0, down: [], unseen: [] };
    return daysOf(course, this.calendar, this.nowMs, of);
  }

  span(date: string) {
    const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
    return { fromMs: this.calendar.midnight(day), toMs: this.calendar.midnight(day + 1) };
  }

  /** `sla report` of one day alone. */
  async reported(date: string) {
    const { fromMs, toMs } = this.span(date);
    const wish = { month: date.slice(0, 7), part: { beganMs: fromMs, endedMs: toMs } };
    const shelves = this.sites.map((site) => this.memory.at(site));
    const now = () => this.nowMs;
    const of = { ...wish, instances: this.fleet.instances, now };
    const { instances } = await monthReport(of, this.fleet, shelves);
    return new Map(instances.map((each) => [each.instance, each.withoutExclusions.minutes]));
  }
}

const look = fc.record({
  minute: fc.integer({ min: 60, max: 5 * 1440 }),
  id: fc.constantFrom(...IDS),
  verdict: fc.constantFrom("up", "down"),
  site: fc.constantFrom("eu-central-2", "eu-central-1", CONTROL),
});
const ZONES = ["Europe/Zurich", "UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia"];
const END = BEGIN + 7 * DAY_MS + 13 * 3_600_000;

describe("the days of a page that are sealed", () => {
  it("are what sla report and sla month make of the same looks, on each of them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZONES),
        fc.array(look, { maxLength: 40 }),
        async (timezone, looks) => {
          const office = new Office(timezone);
          office.saw(looks as Seen[]);
          await office.seal(BEGIN + 16 * MINUTE);
          await office.seal(END);
          await office.sum();
          const { first = "", last = "" } = office.sums ?? {};
          expect([first <= "2026-10-24", last >= "2026-10-28"]).toEqual([true, true]);
          for (const id of IDS) {
            const days = office.shown(id).filter(({ date }) => date >= first && date <= last);
            expect(days.length).toBeGreaterThan(3);
            for (const { date, spanMs, downMs, unseenMs } of days) {
              const page = {
                total: spanMs / MINUTE,
                down: downMs / MINUTE,
                unobserved: unseenMs / MINUTE,
              };
              expect((await office.reported(date)).get(id)).toMatchObject(page);
              const intervals = (looks as Seen[])
                .filter((each) => each.id === id)
                .map(({ minute, verdict: state }) => {
                  const fromMs = BEGIN + minute * MINUTE;
                  return { state, fromMs, toMs: fromMs + EVERY * 1000 };
                });
              const { minutes } = tallyOf(sheetOf(office.span(date), intervals).minutes());
              expect(minutes).toMatchObject(page);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are as before where they are not sealed, and today always is", async () => {
    const office = new Office("UTC");
    await office.seal(BEGIN + 16 * MINUTE);
    await office.seal(END);
    await office.sum();
    const course = { sinceMs: 0, down: [{ fromMs: END - DAY_MS - 60 * MINUTE }], unseen: [] };
    const { last = "" } = office.sums ?? {};
    const far = { ...office.sums, last: "2099-01-01" } as SealedDays;
    for (const sums of [office.sums, far]) {
      const days = daysOf(course, office.calendar, END, sealedOf(sums, "UTC", "acme"));
      expect(days.at(-1)).toMatchObject({ downMs: 13 * 60 * MINUTE, unseenMs: 0 });
    }
    expect(last).toBe("2026-10-29");
    expect(sealedOf(office.sums, "Europe/Zurich", "acme")("2026-10-29", DAY_MS)).toBeUndefined();
    expect(sealedOf(office.sums, "UTC", "acme")("2026-10-30", DAY_MS)).toBeUndefined();
    expect(sealedOf(undefined, "UTC", "acme")("2026-10-29", DAY_MS)).toBeUndefined();
  });
});

const each = (site: string, id: string, from: number, count: number): Seen[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ minute: from + n, id, site, verdict: "up" as const },
  }));

describe("a pass that sums days up", () => {
  const days = async (count: number) => {
    const office = new Office("UTC");
    office.saw(each(CONTROL, "acme", 0, count * 1440));
    await office.seal(BEGIN + 16 * MINUTE);
    await office.seal(BEGIN + count * DAY_MS + 20 * MINUTE);
    return office;
  };
  const requestsOf = async (office: Office, work: () => Promise<unknown>) => {
    const count = () => {
      const all = office.sites.map((site) => office.memory.at(site).requests);
      return {
        get: all.reduce((n, { get }) => n + get, 0),
        put: all.reduce((n, { put }) => n + put, 0),
      };
    };
    const before = count();
    await work();
    const after = count();
    return { get: after.get - before.get, put: after.put - before.put };
  };

  it("reads each day once: two roll-ups' days of each site where one is new, and only the sums where none is", async () => {
    const office = await days(3);
    expect(await office.sum()).toEqual({ summed: ["2026-10-23", "2026-10-24", "2026-10-25"] });
    expect(await requestsOf(office, () => office.sum())).toEqual({ get: 1, put: 0 });
    await office.seal(BEGIN + 4 * DAY_MS + 20 * MINUTE);
    const cost = await requestsOf(office, () => office.sum());
    expect(office.sums?.last).toBe("2026-10-26");
    // The sums, before and after; of each site whether it answers, whether the day is sealed, and two days' seals with one roll-up.
    expect(cost.get).toBeLessThanOrEqual(2 + 3 * (1 + 1 + 2) + 2);
    expect(cost.put).toBe(1);
  });

  it("goes on where one before it died, and takes nothing back from one that has come further", async () => {
    const office = await days(12);
    const control = office.memory.at(CONTROL);
    const key = keys.day("2026-10-30", "s00");
    const lost = control.peek(key);
    control.remove(key);
    await expect(office.sum()).rejects.toMatchObject({ code: "EvidenceChanged" });
    expect(office.sums?.last).toBe("2026-10-27");
    control.put(key, lost);
    const { replace } = control;
    control.replace = async (...args) => {
      control.replace = replace;
      await office.sum();
      return control.replace(...args);
    };
    const { summed } = await office.sum();
    expect([summed[0], summed.at(-1)]).toEqual(["2026-10-28", "2026-11-03"]);
    expect(office.sums?.last).toBe("2026-11-03");
  });

  it("waits for the site that has not sealed yet, and says so", async () => {
    const office = await days(2);
    await office.sum();
    await office.seal(BEGIN + 3 * DAY_MS + 20 * MINUTE, [CONTROL, "eu-central-1"]);
    expect(await office.sum()).toEqual({
      ...{ summed: [], waits: "eu-central-2 has not sealed 2026-10-25 yet" },
    });
    expect(office.sums?.last).toBe("2026-10-24");
  });

  it("waits for a site that is lost, unless another keeps its days", async () => {
    const office = await days(2);
    office.memory.cutOff("eu-central-2");
    expect(await office.sum()).toMatchObject({ summed: [], waits: expect.stringMatching(/eu-/) });
    expect(office.sums).toBeUndefined();
    office.memory.restore("eu-central-2");
    await office.seal(office.nowMs, undefined, true);
    office.memory.cutOff("eu-central-2");
    expect(await office.sum()).toEqual({ summed: ["2026-10-23", "2026-10-24"] });
  });

  it("rejects where a roll-up is not what was sealed", async () => {
    const office = await days(2);
    const key = keys.day("2026-10-23", "s00");
    office.memory.at(CONTROL).put(key, { ...office.memory.at(CONTROL).peek<object>(key), a: 1 });
    await expect(office.sum()).rejects.toMatchObject({ code: "EvidenceChanged" });
  });

  it("knows that nobody saw an instance before it came, nor after it went, and forgets it after that", async () => {
    const office = await days(3);
    const [first, second] = [0, 1].map((n) => ({
      ...office.fleet,
      instances: office.fleet.instances.slice(n, n + 1),
    }));
    await office.sum(first);
    expect(office.sums?.instances).toEqual({ acme: {} });
    const known: string[][] = [];
    for (const day of [20, DAYS_SHOWN + 2, DAYS_SHOWN + 3]) {
      await office.seal(BEGIN + day * DAY_MS + 20 * MINUTE);
      await office.sum(day === 20 ? first : second);
      known.push(Object.keys(office.sums?.instances ?? {}));
    }
    // What was seen of acme was seen until the first minute of the 26th of October.
    expect(known).toEqual([["acme"], ["acme", "birch"], ["birch"]]);
    const { birch } = office.sums?.instances ?? {};
    expect(Object.keys(birch ?? {})).toHaveLength(DAYS_SHOWN - 1);
    expect(new Set(Object.values(birch ?? {}).map(String))).toEqual(new Set(["0,1440"]));
    expect(office.sums?.first).toBe("2026-10-27");
  });

  it("sees what sites saw of an instance before control knew of it, as long as a week", async () => {
    const office = await days(12);
    office.saw(each(CONTROL, "birch", 12 * 1440, 2 * 1440));
    await office.seal(BEGIN + 14 * DAY_MS + 20 * MINUTE);
    const one = { ...office.fleet, instances: office.fleet.instances.slice(0, 1) };
    await office.sum(one);
    expect(office.sums).toMatchObject({ last: "2026-11-05", instances: { acme: {} } });
    await office.sum();
    const { acme, birch } = office.sums?.instances ?? {};
    expect(office.sums?.last).toBe("2026-11-05");
    expect(birch?.["2026-11-03"]).toEqual([0, 1440]);
    expect([birch?.["2026-11-04"], birch?.["2026-11-05"]]).toEqual([undefined, undefined]);
    expect(Object.keys(acme ?? {})).toEqual(["2026-11-04", "2026-11-05"]);
  });

  it("begins anew where the zone has changed, or the last day is not shown any more", async () => {
    const office = await days(3);
    await office.sum();
    const held = office.sums as SealedDays;
    for (const old of [{ timezone: "Asia/Tokyo" }, { first: "2026-01-01", last: "2026-02-01" }]) {
      office.memory.at(CONTROL).put(keys.statusDays(), { ...held, ...old });
      await office.sum();
      expect(office.sums).toEqual(held);
    }
  });
});
