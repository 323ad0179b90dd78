import { describe, expect, it } from "vitest";
import type { DatabaseState } from "../../functions/failover/ports.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

const fenceDebt = (world: World, region: string) =>
  world.ledgers.at(region).peek<{ state: string; because: string }>("debts/acme/fence.json");

type Groups = DatabaseState["groups"];

/** What RDS says of the old primary's groups instead of what they are. */
function groupsAreTold(world: World, told: (groups: Groups) => Groups) {
  const describeTruly = world.databases.describe.bind(world.databases);
  world.databases.describe = async (seat) => {
    const state = await describeTruly(seat);
    return state && seat.region === HOME ? { ...state, groups: told(state.groups) } : state;
  };
}

describe("fence", () => {
  it("a primary that comes back after the promotion acknowledges nothing", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "gate") world.primary.process = "runs";
    };
    const run = await world.failover();
    expect(run.status).toBe("done");
    world.primary.sessions = 0;
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("sessions that were open before the quarantine are ended", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "fence") world.primary.process = "runs";
    };
    await world.failover();
    expect(world.primary.acknowledges()).toBe(false);
    expect(world.primary.sessions).toBe(0);
  });

  it("sessions that do not end by SQL are ended by a reboot", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "fence") Object.assign(world.primary, { process: "runs", severs: false });
    };
    await world.failover();
    expect(world.databases.changes).toContain("reboot acme-db");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a primary that hangs is rebooted, because its sessions would go on when it wakes", async () => {
    const world = new World();
    world.primary.process = "hung";
    await world.failover();
    expect(world.databases.changes).toContain("reboot acme-db");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a home region that does not answer leaves a fence debt and ledgers to be told", async () => {
    const world = new World();
    world.databases.lost.add(HOME);
    world.ledgers.cutOff(HOME);
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(fenceDebt(world, STANDBY)).toMatchObject({ state: "owed", region: HOME });
    expect(fenceDebt(world, CONTROL)).toMatchObject({ state: "owed", database: "acme-db" });
    expect(world.ledgers.at(STANDBY).peek("debts/acme/roles-eu-central-2.json")).toMatchObject({
      state: "owed",
    });
  });

  it("a status that refuses while nothing answers leaves a debt and goes on", async () => {
    const world = new World();
    world.before = (step) => {
      world.primary.refusals = step === "fence" ? 1000 : 0;
    };
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(fenceDebt(world, STANDBY)).toMatchObject({ state: "owed" });
  });

  it("a status that refuses while something answers stops before anything is promoted", async () => {
    const world = new World();
    world.before = (step) => {
      if (step !== "fence") return;
      Object.assign(world.primary, { process: "runs", refusals: 1000 });
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltFenceRefused" });
    expect(world.standby.source).toBeDefined();
  });

  it.each<[string, (groups: Groups) => Groups]>([
    [
      "a quarantine that does not come into force",
      (groups) => groups.map(({ id }) => ({ id, active: id !== "sg-2q" })),
    ],
    [
      "a group that is still there beside the quarantine",
      (groups) => [
        ...groups.filter(({ id }) => id === "sg-2q"),
        { id: "sg-clients", active: true },
      ],
    ],
  ])("%s promotes nothing", async (_what, told) => {
    const world = new World();
    groupsAreTold(world, told);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(run.states).not.toContain("Promote");
    expect(world.standby.source).toBeDefined();
  });

  it("a primary that is gone needs no fence", async () => {
    const world = new World();
    world.databases.all.delete(`${HOME}/acme-db`);
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.databases.changes).toEqual(["promote acme-db-standby"]);
  });
});

describe("a stop before promote", () => {
  it("takes the fence off again", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    const run = await world.failover();
    expect(run.states.slice(-4)).toEqual(["Drain", "Unfence", "Halted", "ForAPerson"]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(world.standby.source).toBeDefined();
  });

  it("takes off no quarantine that was there before", async () => {
    const world = new World();
    world.primary.groups = ["sg-2q"];
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    await world.failover();
    expect(world.primary.groups).toEqual(["sg-2q"]);
  });

  it("cancels the fence debt, so that nobody fences the primary later", async () => {
    const world = new World();
    world.before = (step) => {
      world.primary.refusals = step === "fence" ? 1000 : 0;
      if (step === "drain") world.standby.process = "dead";
    };
    await world.failover();
    expect(fenceDebt(world, STANDBY)).toMatchObject({ state: "cancelled" });
  });

  it("follows when RDS refuses the promotion, and the fence comes off", async () => {
    const world = new World();
    world.before = (step) => {
      world.standby.refusals = step === "promote" ? 1000 : 0;
    };
    const run = await world.failover();
    expect(run.states.slice(-4)).toEqual(["Promote", "Unfence", "Halted", "ForAPerson"]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("leaves the fence on when the answer to the promotion was lost", async () => {
    const world = new World();
    const { promote } = world.databases;
    world.databases.promote = async () => {
      world.standby.refusals = 1000;
      world.databases.promote = promote;
      throw new SlaError("CloudUnreachable", "cloud", "the answer was lost");
    };
    const run = await world.failover();
    expect(run.states.slice(-4)).toEqual(["Promote", "Unfence", "Halted", "ForAPerson"]);
    expect(world.primary.groups).toEqual(["sg-2q"]);
  });

  it("leaves the fence on when the promotion is done", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "gate") world.standby.process = "dead";
    };
    const run = await world.failover();
    expect(run.states.slice(-3)).toEqual(["Gate", "Halted", "ForAPerson"]);
    expect(world.primary.groups).toEqual(["sg-2q"]);
  });
});
