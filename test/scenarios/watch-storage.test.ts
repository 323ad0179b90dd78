import { describe, expect, it } from "vitest";
import { reprotectExecution } from "../../functions/failover/reprotect-contract.ts";
import type { Storage } from "../../functions/sql/contract.ts";
import type { GaugeRecord } from "../../functions/watch/contract.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const [HOME, OWNER] = ["eu-central-2", "eu-central-1"];
const GIB = 2 ** 30;
const FLEET = fleetOf([instance("acme"), instance("birch")]);
const filled = (retainedGib: number, isFetched = false): Storage => ({
  ...{ databaseBytes: 40 * GIB, retainedBytes: retainedGib * GIB, isFetched },
  ...{ keptFor: "replica", replicaSlots: 1 },
});

/** Other sites are not in these scenarios, which their silence says. */
const noticesIn = ({ notices }: WatchWorld) => notices.filter(({ kind }) => kind !== "site-silent");

/** Every mail has a key of its own in the ledger: what is told with the same one leaves once. */
const mails = (world: WatchWorld) =>
  new Set(
    noticesIn(world).map(({ kind, instance: id, incident, occasion }) =>
      [kind, id, incident, occasion].join(" "),
    ),
  );

describe("a primary whose standby fetches no log", () => {
  it("is told before its storage is full, with what to do, once for each bound and day", async () => {
    const world = new WatchWorld(FLEET);
    world.storage.set("acme", filled(35));
    await world.minutes(0, 15, [OWNER]);
    expect(mails(world)).toEqual(new Set(["storage-low acme storage-2026-03-02 below-30"]));
    const [notice] = noticesIn(world);
    expect(notice?.lines[0]).toBe(
      "acme-db in eu-central-2 keeps 35.0 GiB of its log for acme-db-standby, which fetches nothing.",
    );
    expect(notice?.lines[1]).toContain("At most 25 % of its 100.0 GiB are free.");
    expect(notice?.lines).toContain("npx sla reprotect acme --drop-standby --reason '…'");
    world.storage.set("acme", filled(50));
    await world.minutes(900, 10, [OWNER]);
    expect(mails(world)).toContain("storage-low acme storage-2026-03-02 below-15");
    expect(mails(world).size).toBe(2);
  });

  it("is looked at every five minutes, and no more often", async () => {
    const world = new WatchWorld(FLEET);
    world.storage.set("acme", filled(35));
    await world.minutes(0, 20, [OWNER]);
    expect(noticesIn(world)).toHaveLength(4);
  });

  it("is no news while enough is free, nor to a site that does not own it", async () => {
    const world = new WatchWorld(FLEET);
    world.storage.set("acme", filled(20));
    await world.minutes(0, 10);
    expect(noticesIn(world)).toEqual([]);
    world.storage.set("acme", filled(55));
    await world.minutes(600, 6, [HOME]);
    expect(noticesIn(world)).toEqual([]);
  });

  it("is told at the bound of its plan", async () => {
    const plan = { ...QUICK_PLAN, storage: { warnBelowPercent: 60 } };
    const world = new WatchWorld(fleetOf([instance("acme")], plan));
    world.storage.set("acme", filled(5, true));
    await world.minutes(0, 5, [OWNER]);
    expect(mails(world)).toEqual(new Set(["storage-low acme storage-2026-03-02 below-60"]));
    expect(noticesIn(world)[0]?.lines[0]).toContain("which does not keep up");
  });

  it("stops no look and opens no incident when nobody answers", async () => {
    const world = new WatchWorld(FLEET).fault(`region ${HOME}`, 0, 299);
    world.storage.set("acme", filled(55));
    const reports = await world.minutes(0, 1, [OWNER]);
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    expect(world.told("acme")).not.toContain("storage-low");
    await world.minutes(300, 1, [OWNER]);
    expect(world.told("acme")).toContain("storage-low");
  });

  it("is told with a later look if its mail got lost", async () => {
    const world = new WatchWorld(FLEET);
    world.storage.set("acme", filled(55));
    world.mailsLost = 1;
    const reports = await world.minutes(0, 6, [OWNER]);
    expect(reports.flatMap(({ failures }) => failures)).toEqual(["CloudUnreachable: no answer"]);
    expect(world.told("acme")).toEqual(["storage-low"]);
  });
});

describe("a primary of MariaDB", () => {
  const shops = fleetOf([instance("acme", {}, "mariadb"), instance("birch")]);
  const STANDBY_DB = "acme-db-standby";

  it("hears how far its standby has applied its log, also once that is silent", async () => {
    const world = new WatchWorld(shops).fault(`database ${STANDBY_DB}`, 600, 3600);
    world.replayedLsn = "mysql-bin-changelog.000012:345";
    await world.minutes(0, 15, [OWNER]);
    expect(world.applied.get("acme")).toBe("mysql-bin-changelog.000012:345");
    expect(world.applied.get("birch")).toBeUndefined();
  });

  it("is told of as others are, and what stays whoever is given up", async () => {
    const world = new WatchWorld(shops);
    world.storage.set("acme", { ...filled(35), replicaSlots: 0 });
    await world.minutes(0, 5, [OWNER]);
    const [notice] = noticesIn(world);
    expect(notice?.lines[0]).toContain("keeps 35.0 GiB of its log for acme-db-standby");
    expect(notice?.lines.join("\n")).toContain("call mysql.rds_show_configuration");
    world.storage.set("birch", filled(35));
    await world.minutes(300, 5, [OWNER]);
    const birch = noticesIn(world).find((each) => each.instance === "birch");
    expect(birch?.lines.join("\n")).not.toContain("rds_show_configuration");
  });
});

describe("tables that our login may not read", () => {
  const TO_MIDNIGHT = 14 * 3600;
  const hidden = (unreadTables: number): Storage => ({ ...filled(1), unreadTables });

  it("are told at midnight, each day with the same key", async () => {
    const world = new WatchWorld(FLEET);
    world.storage.set("acme", hidden(3));
    await world.minutes(0, 10, [OWNER]);
    expect(mails(world)).toEqual(new Set());
    for (const day of [0, 1]) await world.minutes(TO_MIDNIGHT + day * 86_400, 1, [OWNER]);
    expect(noticesIn(world)).toHaveLength(2);
    expect(mails(world)).toEqual(new Set(["rows-unreadable acme tables-e1 "]));
    expect(noticesIn(world)[0]?.lines[0]).toBe(
      "Our login may not read 3 tables of acme-db in eu-central-2.",
    );
  });

  it("are no news where there are none", async () => {
    const world = new WatchWorld(FLEET);
    world.storage.set("acme", hidden(0));
    await world.minutes(TO_MIDNIGHT, 1, [OWNER]);
    expect(mails(world)).toEqual(new Set());
  });
});

describe("what a primary has counted of its changes", () => {
  const changed = { deleted: 4, updated: 9, counting: "1 2" };
  const known = (world: WatchWorld) => {
    const ledger = world.ledgers.at(OWNER);
    const records = ledger.keys("watches/").filter((key) => key.endsWith("-gauges.json"));
    return records.flatMap(
      (key) => ledger.peek<GaugeRecord>(key)?.instances["acme"]?.changed ?? [],
    );
  };

  it("stays known when it falls silent, as of the last look that it answered", async () => {
    const world = new WatchWorld(FLEET).fault(`region ${HOME}`, 60, 1200);
    world.storage.set("acme", { ...filled(1), changed });
    await world.minutes(0, 11, [OWNER]);
    expect(known(world)).toEqual([{ ...changed, at: "2026-03-02T10:00:00.000Z" }]);
  });
});

describe("a standby whose replication RDS has ended", () => {
  it.each(["error", "terminated", "stopped"])("is told once a day: %s", async (said) => {
    const world = new WatchWorld(FLEET);
    world.replication.set("birch-db-standby", said);
    await world.minutes(0, 11, [OWNER]);
    expect(mails(world)).toEqual(new Set(["standby-broken birch standby-2026-03-02 "]));
    expect(noticesIn(world)[0]?.lines[0]).toBe(
      `RDS says of birch-db-standby in eu-central-1: replication ${said}. It does not begin again by itself.`,
    );
  });
});

describe("a standby that its plan gives up before the storage is full", () => {
  const plan = { ...QUICK_PLAN, storage: { dropStandbyBelowPercent: 10 } };
  const filledTo = (retainedGib: number, changes: Parameters<typeof instance>[1] = {}) => {
    const world = new WatchWorld(fleetOf([instance("acme", changes), instance("birch")], plan));
    world.storage.set("acme", filled(retainedGib));
    return world;
  };
  const executions = ({ replaced }: WatchWorld) =>
    new Set(replaced.map(({ request }) => reprotectExecution(request)));

  it("is given up once an hour at most, in the site that owns it, and the mail says so before", async () => {
    const world = filledTo(55);
    await world.minutes(0, 60);
    expect(executions(world)).toEqual(new Set(["rp-acme-e1-drop-20260302100000"]));
    expect(world.replaced[0]).toMatchObject({
      region: OWNER,
      request: {
        ...{ instance: "acme", epoch: 1, trigger: "watch" },
        drop: { belowPercent: 10, hour: "2026-03-02T10:00:00.000Z" },
        reason: expect.stringContaining("5 % of the storage of acme-db"),
      },
    });
    const [low] = noticesIn(world);
    expect(low?.lines.join(" ")).toContain("Below 10 % it is given up by itself");
    await world.minutes(3600, 10);
    expect(executions(world).size).toBe(2);
  });

  it.each<[string, (world: WatchWorld) => WatchWorld]>([
    ["before the bound is passed", () => filledTo(45)],
    ["if nobody looked yet whether its primary is well", (world) => world],
    ["while its primary does not answer", (world) => world.fault("database acme-db", 60)],
    ["while its application is down", (world) => world.fault("app acme", 60)],
    ["where the fleet says alert-only", () => filledTo(55, { failover: "alert-only" })],
    [
      "if the log is kept for a subscriber",
      (world) => {
        world.storage.set("acme", { ...filled(55), keptFor: "subscriber" });
        return world;
      },
    ],
    [
      "if its plan says nothing of it",
      () => {
        const silent = new WatchWorld(fleetOf([instance("acme")]));
        silent.storage.set("acme", filled(58));
        return silent;
      },
    ],
  ])("is left alone %s", async (when, change) => {
    const world = change(filledTo(55));
    const first = when.startsWith("if nobody looked") ? 0 : 1;
    await world.minutes(first, first === 0 ? 1 : 16);
    expect(world.replaced).toEqual([]);
  });

  it("is given up with a later look if the start got lost", async () => {
    const world = filledTo(55);
    world.startsThrottled = 1;
    await world.minutes(60, 11);
    expect(executions(world).size).toBe(1);
  });

  it("is asked for though the mail about it cannot leave", async () => {
    const world = filledTo(55);
    world.mailsLost = 99;
    await world.minutes(60, 11);
    expect(executions(world).size).toBe(1);
  });
});
