import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { newestRoles } from "../../functions/ledger/fleet.ts";
import { packed } from "../../functions/notify/contract.ts";
import { handleSql } from "../../functions/sql/handle.ts";
import { Logins } from "../../functions/sql/logins.ts";
import { postgresServers } from "../../functions/sql/postgres.ts";
import { emptyShard } from "../../functions/watch/shard-state.ts";
import { firstRoles, promotedRoles } from "../../lib/sla/roles.ts";
import { FakeClock } from "../fakes/clock.ts";
import { alone, fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), instance("birch")]);
const [HOME, OWNER, CONTROL] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;

describe("a database that lives though its heartbeat stopped", () => {
  it("is not promoted away while it still sends its log to the standby", async () => {
    // The sql function at home is dead: no beat, no answer. The page is bad for a reason of its own.
    const world = new WatchWorld(FLEET)
      .fault("app acme", 61)
      .fault("beats acme", 61)
      .fault("hidden acme-db", 61);
    world.writesWal = true;
    await world.minutes(0, 30);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "application-down"]);
  });

  it("is promoted away when the log stops too, streaming or not", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61);
    world.writesWal = true;
    await world.minutes(0, 5);
    expect(world.executions()).toEqual(["fo-acme-e1-20260302100115000"]);
  });

  it("is not promoted away while it refuses us and the API of its region stumbles", async () => {
    const world = new WatchWorld(FLEET)
      .fault("app acme", 61)
      .fault("beats acme", 61)
      .fault("refusing acme-db", 61)
      .fault(`api ${HOME}`, 125, 175);
    await world.minutes(0, 30);
    expect(world.started).toEqual([]);
  });

  it("is told to a person when nobody can say for minutes whether it lives", async () => {
    const world = new WatchWorld(FLEET)
      .fault("app acme", 61)
      .fault("beats acme", 61)
      .fault("refusing acme-db", 61);
    await world.minutes(0, 30);
    expect(world.told("acme")).toEqual(["incident-opened", "recovery-needed"]);
  });
});

describe("an instance nobody watches", () => {
  it("does not come of a control site that could not be told the new roles", async () => {
    const world = new WatchWorld(FLEET);
    world.ledgers.cutOff(CONTROL);
    world.promote("acme", 90);
    world.ledgers.restore(CONTROL);
    world.fault("database acme-db-standby", 301);
    await world.minutes(240, 10);
    expect(world.told("acme")).toContain("incident-opened");
  });

  it("does not come of a state file that an older version wrote", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61);
    const { owed: _owed, owners: _owners, ...older } = emptyShard("s00", OWNER);
    world.ledgers.at(OWNER).put(keys.shard("s00"), {
      ...older,
      instances: { acme: { epoch: 1 }, birch: { epoch: 1, incident: { kind: "dozing" } } },
    });
    await world.minutes(0, 5);
    expect(world.executions()).toHaveLength(1);
  });
});

describe("a region incident", () => {
  it("tells of hundreds of instances in pieces that an asynchronous call can carry", async () => {
    const many = fleetOf(Array.from({ length: 240 }, (_, index) => alone(`tree-${index}`)));
    const world = new WatchWorld(many).fault(`region ${HOME}`, 61);
    const sizes: number[] = [];
    world.onNotify = (request) => sizes.push(JSON.stringify(packed(request)).length);
    await world.minutes(0, 5);
    expect(Math.max(...sizes)).toBeLessThan(128 * 1024);
    expect(world.notices.filter(({ kind }) => kind === "incident-opened")).toHaveLength(240);
  });
});

describe("roles", () => {
  it("are those of the highest epoch, whichever ledgers were told", async () => {
    const [acme] = FLEET.instances;
    if (!acme) throw new Error("no instance");
    const first = firstRoles(FLEET, acme, "2026-03-02T10:00:00.000Z");
    const second = promotedRoles(first, CONTROL, "2026-03-02T10:01:30.000Z", "execution");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), async (told) => {
        const world = new WatchWorld(FLEET);
        for (const [index, site] of [HOME, OWNER, CONTROL].entries()) {
          world.ledgers.at(site).put(keys.roles("acme"), told[index] ? second : first);
        }
        const roles = newestRoles(
          world.ledgers.at,
          CONTROL,
          new FakeClock("2026-03-02T10:00:00.000Z"),
        );
        await roles.hear([HOME, OWNER, CONTROL]);
        expect((await roles.all()).get("acme")?.epoch).toBe(told.some(Boolean) ? 2 : 1);
      }),
    );
  });
});

describe("roles of other sites", () => {
  it("are asked for once in five minutes, and again after them", async () => {
    const world = new WatchWorld(FLEET);
    const [acme] = FLEET.instances;
    if (!acme) throw new Error("no instance");
    const clock = new FakeClock("2026-03-02T10:00:00.000Z");
    const roles = newestRoles(world.ledgers.at, CONTROL, clock);
    await roles.hear([HOME]);
    const first = firstRoles(FLEET, acme, "2026-03-02T10:00:00.000Z");
    const second = promotedRoles(first, CONTROL, "2026-03-02T10:01:30.000Z", "execution");
    world.ledgers.at(HOME).put(keys.roles("acme"), second);
    await clock.wait(299);
    await roles.hear([HOME]);
    expect((await roles.all()).get("acme")?.epoch).toBe(1);
    await clock.wait(2);
    await roles.hear([HOME]);
    expect((await roles.all()).get("acme")?.epoch).toBe(2);
  });
});

describe("a login that cannot be fetched", () => {
  it("says nothing of the server: neither that it refuses nor that it is gone", async () => {
    const clock = new FakeClock("2026-03-02T10:00:00.000Z");
    const secrets = {
      read: async () => {
        throw new SlaError("CloudUnreachable", "cloud", "read the secret: TimeoutError");
      },
    };
    const servers = postgresServers(new Logins(secrets, clock), clock);
    const target = {
      instance: "acme",
      host: "127.0.0.1",
      port: 1,
      database: "x",
      secret: "acme/sla",
    };
    const request = { operation: "read", targets: [target] } as const;
    const { results } = await handleSql(request, servers, clock);
    expect(results).toMatchObject([{ ok: false, failure: { kind: "unasked" } }]);
  });
});

describe("a page that is bad long before its database dies", () => {
  it("is told to the failover with the last sign that writes were acknowledged", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61).fault("database acme-db", 600);
    await world.minutes(0, 15);
    expect(world.started[0]).toMatchObject({
      firstBadAt: "2026-03-02T10:01:15.000Z",
      lastSeen: { primaryBeat: "2026-03-02T10:09:45.000Z", streaming: true },
    });
  });
});
