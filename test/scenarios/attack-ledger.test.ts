import { describe, expect, it } from "vitest";
import { SlaError } from "../../functions/kernel/errors.ts";
import { payFromAll } from "../fakes/debt-rounds.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

type Fault = ConstructorParameters<typeof SlaError>;

const FAULTS: readonly Fault[] = [
  ["CloudThrottled", "cloud", "write: SlowDown"],
  ["CloudRefused", "operator", "write: AccessDenied"],
  ["LedgerMissing", "operator", "no such bucket"],
];

/** What this site's ledger is asked fails, writes unless told otherwise; answers how to end that. */
function refuse(
  world: World,
  region: string,
  fault: Fault,
  what: "writes" | "reads" | "all" = "writes",
): () => void {
  const ledger = world.ledgers.at(region);
  const { create, replace, read, list } = ledger;
  const fail = async () => {
    throw new SlaError(...fault);
  };
  if (what !== "reads") Object.assign(ledger, { create: fail, replace: fail });
  if (what !== "writes") Object.assign(ledger, { read: fail, list: fail });
  return () => void Object.assign(ledger, { create, replace, read, list });
}

describe.each(FAULTS)("a ledger elsewhere that answers %s", (...fault) => {
  it.each([CONTROL, HOME])("in %s does not keep names at a dead primary", async (region) => {
    const world = new World();
    const end = refuse(world, region, fault);
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.targets("db.acme.example.ch")).toEqual(
      Array(2).fill(`acme-db-standby.${STANDBY}.rds`),
    );
    end();
    await payFromAll(world);
    expect(world.ledgers.at(region).peek("roles/acme.json")).toMatchObject({ epoch: 2 });
  });

  it("does not keep a flag down, nor the debt of its records from the ledger that answers", async () => {
    const world = new World({ stop: "own" });
    world.ledgers.at(STANDBY).put("flags/acme.json", { id: "acme", token: "t", state: "lowered" });
    world.signpost.apiLost = true;
    world.signpost.isRaised = (name) => name.endsWith("acme.example.ch");
    refuse(world, CONTROL, fault);
    expect((await world.failover()).status).toBe("done");
    expect(world.ledgers.at(STANDBY).peek("debts/acme/records.json")).toMatchObject({
      state: "owed",
    });
  });
});

const TIMED_OUT: Fault = ["CloudUnreachable", "cloud", "read: TimeoutError"];
const ALL = [...FAULTS, TIMED_OUT];

describe.each(ALL)("a ledger elsewhere that answers every question with %s", (...fault) => {
  it.each([
    ["home's", [HOME]],
    ["control's", [CONTROL]],
    ["both", [HOME, CONTROL]],
  ])("keeps no instance down: %s", async (_whose, regions) => {
    const world = new World();
    const ends = regions.map((region) => refuse(world, region, fault, "all"));
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 2 });
    for (const end of ends) end();
    await payFromAll(world);
    for (const region of regions) {
      expect(world.ledgers.at(region).peek("roles/acme.json")).toMatchObject({ epoch: 2 });
    }
  });
});

it("a ledger that refuses is not passed over where it is the owner's: it may know of a newer decision", async () => {
  const world = new World();
  const now = world.ledgers.at(STANDBY).peek<object>("roles/acme.json");
  for (const region of [STANDBY, HOME]) {
    world.ledgers.at(region).put("roles/acme.json", { ...now, owner: CONTROL });
  }
  refuse(world, CONTROL, ["CloudRefused", "operator", "read: AccessDenied"], "reads");
  const run = await world.failover(world.request({ trigger: "person" }), "fo-p");
  expect(run.output).toMatchObject({ Error: "CloudRefused" });
  expect(world.databases.changes).toEqual([]);
});

describe.each(ALL)("the ledger of the site that recovers, when it answers %s", (...fault) => {
  const halted = (world: World) => {
    expect(world.databases.changes.filter((change) => change.startsWith("promote"))).toEqual([]);
    expect(world.signpost.batches).toEqual([]);
    expect(world.roles).toMatchObject({ epoch: 1 });
    expect(world.told).toContain("failover-halted");
  };

  it.each(["reads", "writes", "all"] as const)(
    "to %s, stops the failover before it has begun, and a mail is tried",
    async (what) => {
      const world = new World();
      refuse(world, STANDBY, fault, what);
      const run = await world.failover();
      expect(run.output).toMatchObject({ Error: fault[0] });
      halted(world);
      expect(world.primary.groups).toEqual(["sg-clients"]);
    },
  );

  it.each(["fence", "drain", "promote"])(
    "from %s on, promotes nothing that it could not write down",
    async (at) => {
      const world = new World();
      world.before = (step) => {
        if (step === at) refuse(world, STANDBY, fault, "all");
      };
      const run = await world.failover();
      expect(run.status).toBe("halted");
      halted(world);
    },
  );
});
