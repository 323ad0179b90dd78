import { describe, expect, it } from "vitest";
import type { DatabaseState } from "../../functions/failover/ports.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { Reading, SqlRequest, SqlResult } from "../../functions/sql/contract.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

type Answer<T> = SqlResult<T> | undefined;

/** Lets a test answer for the sql function of the home region; undefined leaves the answer as it is. */
function homeAnswers(world: World, answer: (request: SqlRequest) => Answer<unknown>) {
  const ask = world.databases.ask.bind(world.databases);
  world.databases.ask = async <T>(region: string, request: SqlRequest) =>
    ((region === HOME ? answer(request) : undefined) as Answer<T>) ??
    (await ask<T>(region, request));
}

/** Runs before every description of the old primary; what it answers is told instead. */
function homeIsDescribed(world: World, tell: (state: DatabaseState) => DatabaseState) {
  const describeTruly = world.databases.describe.bind(world.databases);
  world.databases.describe = async (seat) => {
    const state = await describeTruly(seat);
    return state && seat.region === HOME ? tell(state) : state;
  };
}

/** The old primary comes back with clients connected just when the fence begins. */
function comesBackAt(world: World, step: string, change: () => void = () => undefined) {
  world.before = (each) => {
    if (each !== step) return;
    world.primary.process = "runs";
    change();
  };
}

describe("two primaries that acknowledge", () => {
  it("clients that reconnect before the quarantine is in force are ended after it is", async () => {
    const world = new World();
    let looksUntilActive = 5;
    comesBackAt(world, "fence");
    homeIsDescribed(world, (state) => {
      const { groups } = world.primary;
      const inForce = groups.includes("sg-2q") && --looksUntilActive < 0;
      // A pool that was cut off is back before the next look, as long as the network lets it in.
      if (!inForce) world.primary.sessions = 3;
      return { ...state, groups: groups.map((id) => ({ id, active: id !== "sg-2q" || inForce })) };
    });
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a hiccup of our own ledger is not taken for a lost region", async () => {
    const world = new World();
    const ledger = world.ledgers.at(STANDBY);
    const create = ledger.create.bind(ledger);
    let hiccups = 1;
    comesBackAt(world, "fence");
    ledger.create = async (key, value) => {
      if (key.endsWith("/fence.json") && hiccups-- > 0) {
        throw new SlaError("CloudUnreachable", "cloud", `write ${key}: TimeoutError`);
      }
      return create(key, value);
    };
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a region that fails to answer a few times is asked again before a debt is made", async () => {
    const world = new World();
    let failures = 0;
    comesBackAt(world, "fence", () => {
      failures = 3;
    });
    homeIsDescribed(world, (state) => {
      if (failures-- <= 0) return state;
      throw new SlaError("CloudUnreachable", "cloud", "describe: InternalFailure");
    });
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a name that does not resolve is no silence: the sessions are ended by a reboot", async () => {
    const world = new World();
    comesBackAt(world, "fence");
    homeAnswers(world, ({ operation }) =>
      operation === "sever"
        ? {
            instance: "acme",
            ok: false,
            failure: { kind: "unreachable", code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND" },
          }
        : undefined,
    );
    await world.failover();
    expect(world.databases.changes).toContain("reboot acme-db");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a quarantine that shuts our own function out is no silence: sessions are ended by a reboot", async () => {
    const world = new World();
    comesBackAt(world, "fence");
    homeAnswers(world, () =>
      world.primary.groups.includes("sg-2q")
        ? {
            instance: "acme",
            ok: false,
            failure: { kind: "unreachable", code: "ConnectTimedOut", message: "no answer in 2 s" },
          }
        : undefined,
    );
    await world.failover();
    expect(world.databases.changes).toContain("reboot acme-db");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("a network that cannot be changed while something answers stops it", async () => {
    const world = new World();
    comesBackAt(world, "fence");
    world.databases.admitOnly = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "modify: InternalFailure");
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltFenceRefused" });
    expect(world.standby.source).toBeDefined();
  });

  it("a network that cannot be changed while nothing answers is a debt, not the end", async () => {
    const world = new World();
    world.databases.admitOnly = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "modify: InternalFailure");
    };
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.ledgers.at(CONTROL).peek("debts/acme/fence.json")).toMatchObject({
      state: "owed",
    });
  });

  it("a standby of which RDS forgets to say what it follows is promoted all the same", async () => {
    const world = new World();
    const describeTruly = world.databases.describe.bind(world.databases);
    let step = "";
    world.before = (each) => {
      step = each;
    };
    world.databases.describe = async (seat) => {
      const state = await describeTruly(seat);
      if (!state || seat.region !== STANDBY || step !== "promote") return state;
      const { source: _, ...partial } = state;
      return partial;
    };
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.databases.changes).toContain("promote acme-db-standby");
  });
});

describe("no primary at all", () => {
  it("a sql function at home that fails holds nothing up", async () => {
    const world = new World();
    homeAnswers(world, () => {
      throw new SlaError("FunctionFailed", "bug", "sla-sql: Sandbox.Timedout");
    });
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.databases.changes).toContain("reboot acme-db");
  });

  it("a status that refuses to take the fence off is asked again for minutes", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
      if (step === "unfence" && world.primary.refusals === 0) world.primary.refusals = 40;
    };
    let asked = 0;
    const { before } = world;
    world.before = (step) => {
      if (step !== "unfence" || asked++ === 0) return before(step);
      return undefined;
    };
    await world.failover();
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("a fence that cannot be taken off is told, with the command that does it", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
      if (step === "unfence") world.primary.refusals = 100_000;
    };
    await world.failover();
    const halted = world.notices.find(({ kind }) => kind === "failover-halted");
    expect(halted?.lines.join("\n")).toContain("The fence is still on: acme-db");
    expect(halted?.lines.join("\n")).toContain("--vpc-security-group-ids sg-clients");
  });

  it("a fence that an earlier failover left on is told by the next one that stops as well", async () => {
    const world = new World();
    world.primary.groups = ["sg-2q"];
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    await world.failover();
    expect(world.primary.groups).toEqual(["sg-2q"]);
    const halted = world.notices.find(({ kind }) => kind === "failover-halted");
    expect(halted?.lines.join("\n")).toContain(
      "acme-db in eu-central-2 was in quarantine before this failover, and still lets no client in",
    );
  });

  it("a fence that is off again is not told", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    await world.failover();
    const halted = world.notices.find(({ kind }) => kind === "failover-halted");
    expect(halted?.lines.join("\n")).not.toContain("fence is still on");
  });

  it("a standby that is being backed up for some minutes is waited for", async () => {
    const world = new World();
    world.standby.status = "backing-up";
    let looks = 60;
    const describeTruly = world.databases.describe.bind(world.databases);
    world.databases.describe = async (seat) => {
      if (seat.region === STANDBY && looks-- === 0) world.standby.status = "available";
      return describeTruly(seat);
    };
    expect((await world.failover()).status).toBe("done");
  });

  it("a new primary that RDS backs up first serves all the same", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "gate") world.standby.status = "backing-up";
    };
    expect((await world.failover()).status).toBe("done");
  });

  it("a zone that names no servers proves nothing", async () => {
    const world = new World();
    world.signpost.nameServers = async () => [];
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(run.states).toContain("Prove");
  });
});

describe("a primary that lives", () => {
  it("and refuses us is left to a person", async () => {
    const world = new World();
    homeAnswers(world, () => ({
      instance: "acme",
      ok: false,
      failure: { kind: "refused", code: "53300", message: "sorry, too many clients already" },
    }));
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("and sends its log to the standby is not promoted away, though no beat arrives", async () => {
    const world = new World();
    logGoesOn(world, Number.POSITIVE_INFINITY);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    expect(run.states).not.toContain("Fence");
  });

  it("is not seen in what a dead one had sent before", async () => {
    const world = new World();
    logGoesOn(world, 1);
    expect((await world.failover()).status).toBe("done");
  });
});

/** The standby streams, and has received more in each of the next so many readings. */
function logGoesOn(world: World, advances: number) {
  const ask = world.databases.ask.bind(world.databases);
  let readings = 0;
  world.databases.ask = async <T>(region: string, request: SqlRequest) => {
    const result = await ask<Reading>(region, request);
    if (region !== STANDBY || request.operation !== "read" || !result.ok) {
      return result as SqlResult<T>;
    }
    const receivedLsn = `0/${(0x1000 + Math.min(readings++, advances)).toString(16)}`;
    return { ...result, value: { ...result.value, receivedLsn } } as SqlResult<T>;
  };
}
