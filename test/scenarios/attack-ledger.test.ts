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

/** Every write to this site's ledger fails; answers how to end that. */
function refuse(world: World, region: string, fault: Fault): () => void {
  const ledger = world.ledgers.at(region);
  const { create, replace } = ledger;
  const fail = async () => {
    throw new SlaError(...fault);
  };
  Object.assign(ledger, { create: fail, replace: fail });
  return () => void Object.assign(ledger, { create, replace });
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
