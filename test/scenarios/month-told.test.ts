import { describe, expect, it } from "vitest";
import { happeningsOf } from "../../lib/books/month-happenings.ts";
import { monthSpan } from "../../lib/sla/books/month.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { mintsys } from "../../lib/sla/presets/mintsys.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { homeReturns, lostHome, payFromAll } from "../fakes/debt-rounds.ts";
import { World } from "../fakes/failover-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import type { MemoryLedgers } from "../fakes/ledger.ts";
import { RestoreWorld } from "../fakes/restore-world.ts";
import { WatchWorld } from "../fakes/watch-world.ts";
import { monthRecord, wholeText } from "../fakes/whole-month.ts";

const SITES = ["eu-central-1", "eu-central-2", "eu-west-1"] as const;
const shelvesOf = ({ at }: MemoryLedgers) => SITES.map(at);

const NOVEMBER = monthSpan("2026-11", "Europe/Zurich");
const inNovember = (ledgers: MemoryLedgers) =>
  happeningsOf(shelvesOf(ledgers), NOVEMBER, { id: "acme", plan: {} }, []);

const FIRST_BAD = { firstBadAt: "2026-11-21T10:00:00.000Z" };

describe("a month, from what functions have written down", () => {
  it("has the failover, and what it lost until the old primary was fenced", async () => {
    const world = new World();
    for (const site of SITES) {
      const key = "incidents/acme/i1.json";
      world.ledgers.at(site).put(key, { instance: "acme", incident: "i1", ...FIRST_BAD });
    }
    await lostHome(world);
    world.ledgers.restore("eu-central-2");
    expect((await inNovember(world.ledgers))?.failovers).toMatchObject([
      { kind: "failover", isProvisional: true, rpoSeconds: expect.any(Number) },
    ]);
    homeReturns(world);
    await payFromAll(world);
    const found = await inNovember(world.ledgers);
    expect(found.failovers).toMatchObject([{ kind: "failover", isProvisional: false }]);
    expect(found.failovers[0]?.steps.map(({ step }) => step)).toContain("promote");
    expect(found.incidents).toMatchObject([
      { notes: [{ outcome: "done" }, { outcome: "settled" }] },
    ]);
    expect(found.unreadable).toEqual([]);
  });

  it("has the restore test that proved a backup", async () => {
    const world = new RestoreWorld();
    await world.run();
    const found = await inNovember(world.ledgers);
    expect(found.restoreTests).toMatchObject([{ ok: true, rows: 10, region: "eu-central-1" }]);
    expect(found.lastProof?.key).toBe(found.restoreTests[0]?.key);
  });
});

const SOLD: Plan = { ...QUICK_PLAN, backups: mintsys.backups, copies: { places: 3 } };
const FLEET = fleetOf([instance("acme", { copies: ["eu-central-1", "eu-west-1"] })], SOLD);
const BEGAN = "2026-01-05T09:00:00Z";
const HOUR = 60;
const DAY = 24 * HOUR;

/** What a month says of its backups, computed at the world's own time. */
async function told(world: BackupWorld, month: string, began?: string) {
  const part = began === undefined ? {} : { beganMs: Date.parse(began) };
  const wish = { month, part, instances: FLEET.instances, now: () => world.nowMs };
  const [acme] = (await monthRecord(wish, FLEET, shelvesOf(world.ledgers))).instances;
  return (promise: string) => acme?.promises.find((each) => each.promise === promise);
}

describe("a month told", () => {
  it("is the same in whichever order the ledgers are read", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61, 360);
    await world.minutes(0, 20);
    const now = () => Date.parse("2026-04-02T00:00:00Z");
    const wish = { month: "2026-03", instances: FLEET.instances, now };
    for (const site of SITES) {
      world.ledgers.at(site).put(`rounds/2026-03-05/${site}.json.gz`, { torn: site });
      world.ledgers.at(site).put(`incidents/acme/${site}.json`, { torn: site });
    }
    const inOrder = async (sites: readonly string[]) =>
      wholeText(await monthRecord(wish, FLEET, sites.map(world.ledgers.at)));
    const text = await inOrder(SITES);
    expect(text).toContain('"outages":[{"from"');
    expect(await inOrder(SITES.toReversed())).toBe(text);
  });
});

describe("the backups of a month", { timeout: 120_000 }, () => {
  it("keep what was sold once there are enough, and a day that is lost is found", async () => {
    const world = new BackupWorld(FLEET, BEGAN);
    await world.run(20 * DAY, 180);
    const january = await told(world, "2026-01", BEGAN);
    // The month is not over: days to come are none without a backup.
    expect(january("dailyBackups")).toMatchObject({ status: "kept" });
    await world.run(100 * DAY, 180);
    const april = await told(world, "2026-04");
    expect(april("dailyBackups")).toMatchObject({ status: "kept", measured: { days: 30, of: 30 } });
    expect(april("rotation")).toMatchObject({ status: "kept", sold: { count: 14 } });
    expect(april("copies")).toMatchObject({ status: "kept", measured: { count: 3 } });
    world.unavailable.add("acme-db");
    await world.run(2 * DAY, 180);
    world.unavailable.delete("acme-db");
    await world.run(3 * DAY, 180);
    const may = await told(world, "2026-05");
    expect(may("dailyBackups")?.status).toBe("broken");
    expect(may("rotation")).toMatchObject({ status: "broken", clauses: ["days"] });
  });
});
