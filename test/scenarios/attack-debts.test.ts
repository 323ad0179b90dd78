import { describe, expect, it } from "vitest";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import {
  debtIn,
  debtMails,
  homeReturns,
  loseHome,
  lostHome,
  payFrom,
  payFromAll,
  SITES,
} from "../fakes/debt-rounds.ts";
import { FakeDatabase } from "../fakes/failover-databases.ts";
import { CONTROL, STANDBY, World } from "../fakes/failover-world.ts";

const DAY_SECONDS = 86_400;
const rolesIn = (world: World, region: string) =>
  world.ledgers.at(region).peek<Roles>("roles/acme.json");

describe("a fence that was set at once", () => {
  const done = async () => {
    const world = new World();
    await world.failover();
    Object.assign(world.primary, { process: "runs", sessions: 3 });
    return world;
  };

  it("is looked at after a day like one that was owed, and set again with the next round", async () => {
    const world = await done();
    world.primary.groups = ["sg-clients"];
    await world.clock.wait(DAY_SECONDS);
    await payFromAll(world);
    await payFromAll(world);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtMails(world).map(({ kind }) => kind)).toEqual([
      "fence-debt-owed-again",
      "fence-debt-paid",
    ]);
  });

  it("is no debt: nobody is told, and nothing is done, while it holds", async () => {
    const world = await done();
    const before = [...world.databases.changes];
    await world.clock.wait(DAY_SECONDS);
    await payFromAll(world);
    expect(world.databases.changes).toEqual(before);
    expect(debtMails(world)).toEqual([]);
  });

  it("is not kept when it was taken off again", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    await world.failover();
    for (const site of SITES) expect(debtIn(world, site)).toMatchObject({ state: "cancelled" });
  });

  it("does not end what is owed of a region that served meanwhile: its rows are still looked for", async () => {
    const world = new World();
    loseHome(world);
    world.standby.refusesProof = true;
    await world.failover();
    world.standby.refusesProof = false;
    homeReturns(world);
    world.primary.beatAt = undefined;
    const continues = world.executionOf(world.request()).split(":").at(-1) ?? "";
    const accept = ["HaltStillAlive"] as const;
    const request = world.request({ trigger: "person", accept, continues });
    expect((await world.failover(request, "fo-acme-again")).status).toBe("done");
    expect(debtIn(world, STANDBY)).toMatchObject({ state: "owed" });
    await payFromAll(world);
    expect(debtMails(world).map(({ kind }) => kind)).toEqual(["fence-debt-paid"]);
  });
});

describe("a second failover while the first one's fence is owed", () => {
  it("forgets no old primary: both are fenced", async () => {
    const world = await lostHome(new World());
    const now = rolesIn(world, STANDBY);
    const third = { region: CONTROL, database: "acme-db-3" };
    const source = `arn:aws:rds:${STANDBY}:111111111111:db:acme-db-standby`;
    world.databases.all.set(`${CONTROL}/acme-db-3`, new FakeDatabase("acme-db-3", source));
    for (const region of [STANDBY, CONTROL]) {
      world.ledgers
        .at(region)
        .put("roles/acme.json", { ...now, epoch: 3, standby: third, by: "reprotect" });
    }
    world.standby.process = "dead";
    world.page = "bad";
    world.before = (step) => {
      if (step === "prove") world.page = "good";
    };
    // Half an hour after a failover another one needs no person any more.
    await world.clock.wait(1800);
    const firstBadAt = world.clock.now().toISOString();
    await world.clock.wait(60);
    const third3 = world.databases.all.get(`${CONTROL}/acme-db-3`);
    if (third3) third3.beatAt = Date.parse(firstBadAt);
    const accept = ["HaltCooldown"] as const;
    const run = await world.failover(
      world.request({ epoch: 3, firstBadAt, trigger: "person", accept }),
    );
    expect(world.roles).toMatchObject({ epoch: 4 });
    expect(run.states).toContain("Flip");
    homeReturns(world);
    await payFromAll(world);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtIn(world, CONTROL)).toMatchObject({ database: "acme-db-standby", state: "paid" });
    expect(debtIn(world, CONTROL, "fence-acme-db")).toMatchObject({ state: "paid" });
  });
});

describe("a fence that is owed by a failover that stops before it promotes", () => {
  it("is void, though nothing was changed that could be taken off", async () => {
    const world = new World();
    loseHome(world);
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    expect((await world.failover()).states).toContain("Unfence");
    for (const site of [STANDBY, CONTROL]) {
      expect(debtIn(world, site)).toMatchObject({ state: "cancelled" });
    }
  });
});

describe("an old primary whose server comes back later than the API of its region", () => {
  const DIVERGENT = {
    tables: [{ table: "public.orders", count: 1, rows: [{ id: 7 }] }],
    unread: [],
  };

  async function fencedWhileDead() {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.process = "dead";
    world.primary.divergence = DIVERGENT;
    await payFromAll(world);
    const [mail] = debtMails(world);
    expect(mail?.lines.join("\n")).toContain("the RPO stays provisional");
    return world;
  }

  it("is looked through when it answers, and what it took is kept and told", async () => {
    const world = await fencedWhileDead();
    world.primary.process = "runs";
    await world.clock.wait(600);
    await payFromAll(world);
    await payFromAll(world);
    const mails = debtMails(world);
    expect(mails).toHaveLength(2);
    expect(mails[1]?.lines.join("\n")).toContain("1 (public.orders 1)");
    expect(mails[1]?.lines.join("\n")).toContain("final");
    expect(mails[1]?.occasion).not.toBe(mails[0]?.occasion);
    await world.clock.wait(600);
    expect((await payFromAll(world)).flat()).toEqual([]);
  });

  it("is asked again every ten minutes, and nobody is told that nothing is known", async () => {
    const world = await fencedWhileDead();
    for (let round = 0; round < 3; round++) {
      await world.clock.wait(600);
      await payFromAll(world);
    }
    expect(debtMails(world)).toHaveLength(1);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "paid", unsearched: true });
  });
});

describe("sessions of an old primary whose reboot was not answered", () => {
  it("are ended with the next round, not a quarter of an hour later", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.severs = false;
    const { reboot } = world.databases;
    world.databases.reboot = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "reboot acme-db: TimeoutError");
    };
    await payFrom(world, CONTROL);
    world.databases.reboot = reboot;
    await payFrom(world, CONTROL);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "paid" });
  });
});
