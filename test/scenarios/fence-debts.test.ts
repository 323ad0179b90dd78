import { describe, expect, it } from "vitest";
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
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

const DAY_SECONDS = 86_400;
const changesOf = (world: World) =>
  world.databases.changes.filter((each) => !each.startsWith("promote"));
const rolesIn = (world: World, region: string) =>
  world.ledgers.at(region).peek<Roles>("roles/acme.json");

describe("a fence that is owed", () => {
  it.each(SITES)("is paid by %s in the first round after the region's return", async (site) => {
    const world = await lostHome(new World());
    homeReturns(world);
    expect(world.primary.acknowledges()).toBe(true);
    await payFrom(world, site);
    expect(world.primary.acknowledges()).toBe(false);
    expect(world.primary.groups).toEqual(["sg-2q"]);
    for (const each of SITES)
      expect(debtIn(world, each)).toMatchObject({ state: "paid", by: site });
  });

  it("is paid once although all sites pay at once, and one mail says so", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    const outcomes = (await payFromAll(world)).flat().filter(({ kind }) => kind === "fence");
    expect(outcomes.filter(({ outcome }) => outcome === "paid")).toHaveLength(1);
    await payFromAll(world);
    expect(debtMails(world).map(({ kind }) => kind)).toEqual(["fence-debt-paid"]);
    expect(debtMails(world)[0]?.lines.join("\n")).toContain("sg-clients");
  });

  it("waits while the region is lost, without a change or an error", async () => {
    const world = await lostHome(new World());
    const outcomes = await payFrom(world, CONTROL);
    expect(outcomes).toMatchObject([{ kind: "fence", outcome: "unreachable" }]);
    expect(changesOf(world)).toEqual([]);
    expect(debtIn(world, CONTROL)?.revision).toBeUndefined();
  });

  it("waits while a ledger that might know newer roles does not answer", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.ledgers.cutOff(CONTROL);
    await payFrom(world, STANDBY);
    expect(changesOf(world)).toEqual([]);
    world.ledgers.restore(CONTROL);
    await payFrom(world, STANDBY);
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("is tried again after a status that refuses", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.refusals = 1000;
    expect(await payFrom(world, CONTROL)).toMatchObject([{ outcome: "failed" }]);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "owed" });
    world.primary.refusals = 0;
    expect(await payFrom(world, CONTROL)).toMatchObject([{ outcome: "paid" }]);
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("is paid where the failover was refused, not the region lost", async () => {
    const world = new World();
    world.before = (step) => {
      world.primary.refusals = step === "fence" ? 1000 : 0;
    };
    await world.failover();
    Object.assign(world.primary, { process: "runs", sessions: 3 });
    await payFrom(world, HOME);
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("is paid when the database is gone", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.databases.all.delete(`${HOME}/acme-db`);
    await payFrom(world, CONTROL);
    expect(debtIn(world, HOME)).toMatchObject({ state: "paid", found: "the database is gone" });
    expect(changesOf(world)).toEqual([]);
  });

  it("is left alone before the roles have changed: the promotion may still be given up", async () => {
    const world = new World();
    loseHome(world);
    world.before = (step) => {
      if (step === "gate") world.standby.process = "dead";
    };
    const run = await world.failover();
    expect(run.states).toContain("Halted");
    homeReturns(world);
    const outcomes = (await payFromAll(world)).flat();
    expect(outcomes.map(({ outcome }) => outcome)).toContain("undecided");
    expect(changesOf(world)).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it.each(["primary", "standby"] as const)(
    "is void when its database is the %s again",
    async (seat) => {
      const world = await lostHome(new World());
      homeReturns(world);
      const now = rolesIn(world, STANDBY);
      const again = { region: HOME, database: "acme-db" };
      world.ledgers.at(HOME).put("roles/acme.json", { ...now, epoch: 3, [seat]: again });
      await payFromAll(world);
      expect(changesOf(world)).toEqual([]);
      expect(world.primary.groups).toEqual(["sg-clients"]);
      expect(debtIn(world, CONTROL)).toMatchObject({ state: "cancelled" });
      expect(debtMails(world)).toEqual([]);
    },
  );

  it("is not paid where nothing was owed", async () => {
    const world = new World();
    await world.failover();
    const before = [...world.databases.changes];
    expect((await payFromAll(world)).flat()).toEqual([]);
    expect(world.databases.changes).toEqual(before);
  });
});

describe("sessions that do not end", () => {
  it("are ended by one reboot, although three sites pay at once", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.severs = false;
    await payFromAll(world);
    await payFromAll(world);
    expect(changesOf(world).filter((each) => each.startsWith("reboot"))).toEqual([
      "reboot acme-db",
    ]);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "paid" });
  });

  it("are not rebooted again each minute", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.severs = false;
    world.databases.reboot = async ({ database }) => {
      world.databases.changes.push(`reboot ${database}`);
      return "accepted";
    };
    for (let minute = 0; minute < 3; minute++) await payFrom(world, CONTROL);
    expect(changesOf(world).filter((each) => each.startsWith("reboot"))).toHaveLength(1);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "owed" });
  });

  it("are rebooted a minute later if RDS refused the reboot", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.severs = false;
    const { reboot } = world.databases;
    world.databases.reboot = async () => "wrong-state";
    expect(await payFrom(world, CONTROL)).toMatchObject([{ outcome: "failed" }]);
    world.databases.reboot = reboot;
    expect(await payFrom(world, CONTROL)).toMatchObject([{ outcome: "paid" }]);
  });
});

describe("a fence that is paid", () => {
  const paid = async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    await payFromAll(world);
    return world;
  };

  it("is looked at again once a day, not sooner", async () => {
    const world = await paid();
    const first = debtIn(world, CONTROL)?.lookedAt;
    expect((await payFromAll(world)).flat()).toEqual([]);
    await world.clock.wait(DAY_SECONDS);
    expect(await payFrom(world, CONTROL)).toMatchObject([{ outcome: "still paid" }]);
    expect(debtIn(world, HOME)?.lookedAt).not.toBe(first);
    expect(await payFrom(world, HOME)).toEqual([]);
    expect(debtMails(world)).toHaveLength(1);
  });

  it("is owed again when somebody took it off, told, and paid with the next round", async () => {
    const world = await paid();
    world.primary.groups = ["sg-clients"];
    await world.clock.wait(DAY_SECONDS);
    await payFromAll(world);
    await payFromAll(world);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtMails(world).map(({ kind }) => kind)).toEqual([
      "fence-debt-paid",
      "fence-debt-owed-again",
      "fence-debt-paid",
    ]);
    // As the mails are told apart: what is the same is mailed once.
    const names = debtMails(world).map(({ kind, occasion }) => `${kind}-${occasion}`);
    expect(new Set(names).size).toBe(3);
  });

  it("is not looked at any more when its database has a seat again", async () => {
    const world = await paid();
    const now = rolesIn(world, STANDBY);
    world.primary.groups = ["sg-clients"];
    world.ledgers
      .at(CONTROL)
      .put("roles/acme.json", { ...now, epoch: 3, primary: { region: HOME, database: "acme-db" } });
    await world.clock.wait(DAY_SECONDS);
    await payFromAll(world);
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "cancelled" });
  });

  it("is told by the site that paid, even if it died before the mail was handed over", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    const { notices } = world;
    Object.assign(world, {
      notices: {
        push: () => {
          throw new Error("died");
        },
      },
    });
    expect(await payFrom(world, CONTROL)).toMatchObject([{ outcome: "failed" }]);
    Object.assign(world, { notices });
    await payFromAll(world);
    await payFromAll(world);
    expect(debtMails(world).map(({ kind }) => kind)).toEqual(["fence-debt-paid"]);
  });
});

describe("rows that the old primary took and its successor never had", () => {
  const DIVERGENT = `divergent.json.gz`;
  const exports = (world: World) =>
    SITES.flatMap((site) => world.ledgers.at(site).keys("failovers/acme/")).filter((key) =>
      key.endsWith(DIVERGENT),
    );

  it("are kept by one site, and the mail says how many", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    const rows = [{ id: 7 }, { id: 8 }];
    world.primary.divergence = {
      tables: [{ table: "public.orders", count: 2, rows }],
      unread: [{ table: "public.big", because: "no time left" }],
    };
    await payFromAll(world);
    const [key = ""] = exports(world);
    expect(exports(world)).toHaveLength(1);
    const payer = debtIn(world, CONTROL)?.by ?? "";
    expect(world.ledgers.at(payer).peek(key)).toMatchObject({
      horizon: "700",
      tables: [{ rows }],
    });
    const text = debtMails(world)[0]?.lines.join("\n");
    expect(text).toContain("2 (public.orders 2)");
    expect(text).toContain("public.big because of no time left");
  });

  it("are not made up where there are none", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    await payFromAll(world);
    expect(exports(world)).toEqual([]);
    expect(debtMails(world)[0]?.lines.join("\n")).toContain("none found");
  });

  it("hold up neither fence nor mail when nobody can look for them", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.process = "dead";
    await payFromAll(world);
    expect(debtIn(world, HOME)).toMatchObject({ state: "paid" });
    expect(debtMails(world)[0]?.lines.join("\n")).toContain("could not be looked for");
  });
});

describe("a ledger that has to be told", () => {
  it.each([STANDBY, HOME])("is told by %s in the first round after its return", async (site) => {
    const world = await lostHome(new World());
    expect(rolesIn(world, HOME)?.epoch).toBe(1);
    homeReturns(world);
    await payFrom(world, site);
    expect(rolesIn(world, HOME)).toEqual(rolesIn(world, STANDBY));
    expect(debtIn(world, STANDBY, `roles-${HOME}`)).toMatchObject({ state: "paid" });
  });

  it("keeps newer roles that it has learned since", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    const newest = { ...rolesIn(world, STANDBY), epoch: 7 };
    world.ledgers.at(HOME).put("roles/acme.json", newest);
    await payFromAll(world);
    expect(rolesIn(world, HOME)).toEqual(newest);
    expect(debtIn(world, STANDBY, `roles-${HOME}`)).toMatchObject({ state: "paid" });
  });
});
