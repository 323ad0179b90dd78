import { describe, expect, it } from "vitest";
import type { FailoverRequest } from "../../functions/failover/contract.ts";
import { continuedRequest } from "../../lib/operator/failover-request.ts";
import { parseLoss } from "../../lib/operator/wish.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

interface HaltRecord {
  readonly request: FailoverRequest;
  readonly next: { readonly command: string };
  readonly loss: string;
}

function lastHalt(world: World): HaltRecord {
  const ledger = world.ledgers.at(STANDBY);
  const [key] = ledger.keys("failovers/acme/").filter((each) => each.endsWith("/halted.json"));
  const found = ledger.peek<HaltRecord>(key ?? "");
  if (!found) throw new Error("nothing halted");
  return found;
}

/** What the command in the mail starts. */
function pasted({ request, next: { command } }: HaltRecord): FailoverRequest {
  const loss = / --allow-loss (\S+)/.exec(command)?.[1];
  const wish = {
    instance: "acme",
    reason: "as in the mail",
    force: command.includes(" --force"),
    evenIfAlive: command.includes(" --even-if-alive"),
    ...(loss !== undefined && { allowLoss: parseLoss(loss) }),
  };
  return continuedRequest(wish, / --continue (\S+)/.exec(command)?.[1] ?? "", request);
}

describe("the next command of a halt", () => {
  it("goes on from the proof write to the end", async () => {
    const world = new World();
    world.standby.refusesProof = true;
    await world.failover();
    world.standby.refusesProof = false;
    const run = await world.failover(pasted(lastHalt(world)), "fo-acme-again");
    expect(run.status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 2 });
    expect(world.databases.changes.filter((each) => each.startsWith("promote"))).toHaveLength(1);
  });

  it("goes on after the roles were written, without raising the epoch again", async () => {
    const world = new World();
    const zone = world.signpost.zone;
    world.before = (step) => {
      if (step === "flip") world.signpost.zone = [];
    };
    const first = await world.failover();
    expect(first.output).toMatchObject({ Error: "HaltRecords" });
    world.before = () => {};
    world.signpost.zone = zone;
    const run = await world.failover(pasted(lastHalt(world)), "fo-acme-again");
    expect(run.status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 2 });
  });

  it("lets a person take a halt upon themselves, and says what would be lost", async () => {
    const world = new World();
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    await world.failover();
    expect(lastHalt(world).loss).toContain("2026-11-21T09:50:00.000Z");
    const request = pasted(lastHalt(world));
    expect(request).toMatchObject({ trigger: "person", allowLossSeconds: 600 });
    expect((await world.failover(request, "fo-acme-again")).status).toBe("done");
  });

  it("loses no more than a person allows, whatever else they accept", async () => {
    const world = new World();
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    const bound = { allowLossSeconds: 599, accept: ["HaltBehind"] } as const;
    const run = await world.failover(world.request({ trigger: "person", ...bound }));
    expect(run.output).toMatchObject({ Error: "HaltBehind" });
    expect(lastHalt(world).next.command).toMatch(/ --allow-loss 600s$/);
    expect(world.databases.changes).toEqual([]);
  });

  it("takes no bound from the watch", async () => {
    const world = new World();
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    const run = await world.failover(world.request({ allowLossSeconds: 3600 }));
    expect(run.output).toMatchObject({ Error: "HaltBehind" });
  });

  it("fences a living primary first, and counts what it wrote until then as at risk", async () => {
    const world = new World();
    world.primary.process = "runs";
    world.primary.beatAt = undefined;
    world.standby.beatAt = undefined;
    const request = world.request({ trigger: "person", firstBadAt: "2026-11-21T10:00:45.000Z" });
    const first = await world.failover(request);
    expect(first.output).toMatchObject({ Error: "HaltRecovered" });
    expect(world.databases.changes).toEqual([]);
    expect(lastHalt(world).next.command).toMatch(/ --even-if-alive$/);
    const accept = ["HaltRecovered", "HaltStillAlive"] as const;
    const run = await world.failover({ ...request, accept }, "fo-acme-again");
    expect(run.status).toBe("done");
    const [fenced] = world.databases.changes;
    expect(fenced).toMatch(/acme-db/);
    expect(world.databases.changes.findIndex((each) => each.startsWith("promote"))).toBeGreaterThan(
      0,
    );
    expect(world.primary.acknowledges()).toBe(false);
    const [key = ""] = world.ledgers
      .at(STANDBY)
      .keys("failovers/acme/")
      .filter((each) => each.endsWith("/record.json"));
    const record = world.ledgers.at(STANDBY).peek<{ measured: { rpoSeconds: number } }>(key);
    expect(record?.measured.rpoSeconds).toBeGreaterThan(0);
  });

  it("takes no acceptance from the watch", async () => {
    const world = new World();
    world.page = "good";
    const run = await world.failover(world.request({ accept: ["HaltRecovered"] }));
    expect(run.output).toMatchObject({ Error: "HaltRecovered" });
  });

  it("needs a person for a second failover soon after the first", async () => {
    const world = new World();
    await world.failover();
    const ledger = world.ledgers.at(STANDBY);
    const roles = ledger.peek<object>("roles/acme.json");
    ledger.put("roles/acme.json", { ...roles, standby: { region: STANDBY, database: "other" } });
    world.page = "bad";
    const run = await world.failover(world.request({ epoch: 2 }));
    expect(run.output).toMatchObject({ Error: "HaltCooldown" });
  });
});

describe("prove", () => {
  it("waits for every authoritative server", async () => {
    const world = new World();
    world.signpost.stale.add("ns-2.example");
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(run.states).toContain("Flip");
    expect(run.states).not.toContain("Unfence");
  });

  it("waits for the change to be in sync", async () => {
    const world = new World();
    world.signpost.looksUntilSync = Number.POSITIVE_INFINITY;
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(run.states).toContain("Flip");
  });

  it("is not done before a majority of the vantages gets a good page", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "prove") world.page = "bad";
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(world.told).toEqual(["failover-started", "failover-halted"]);
  });

  it("takes a majority of good pages, not all", async () => {
    const world = new World();
    world.blind.add("eu-south-1");
    expect((await world.failover()).status).toBe("done");
  });
});
