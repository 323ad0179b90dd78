import { describe, expect, it } from "vitest";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const [HOME, OWNER] = ["eu-central-2", "eu-central-1"];
const GIB = 2 ** 30;
const FLEET = fleetOf([instance("acme"), instance("birch")]);
const filled = (retainedGib: number, isFetched = false) => ({
  ...{ databaseBytes: 40 * GIB, retainedBytes: retainedGib * GIB, isFetched },
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
    expect(notice?.lines).toContain(
      "aws rds delete-db-instance --region eu-central-1 --db-instance-identifier acme-db-standby --skip-final-snapshot",
    );
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
