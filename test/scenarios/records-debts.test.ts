import { describe, expect, it } from "vitest";
import type { Flag } from "../../functions/flag/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { CONTROL, HOME, STANDBY, type World } from "../fakes/failover-world.ts";
import {
  flagIn,
  PAYERS,
  recordsDebt,
  rewriteAll,
  rewriteFrom,
  withoutRoute53,
} from "../fakes/record-rounds.ts";
import { reprotect } from "../fakes/reprotect.ts";

const NAME = "db.acme.example.ch";
const NEW = `acme-db-standby.${STANDBY}.rds`;
const OLD = `acme-db.${HOME}.rds`;

/** acme was failed over by its flag; since then the API answers again. */
async function flipped(): Promise<World> {
  const world = withoutRoute53();
  const run = await world.failover();
  if (run.status !== "done") throw new Error(JSON.stringify(run.output));
  world.signpost.apiLost = false;
  return world;
}

const birchRequest = (world: World) => world.request({ instance: "birch" });

async function bothFlipped(): Promise<World> {
  const world = withoutRoute53();
  world.lose("birch");
  await world.failover();
  const run = await world.failover(birchRequest(world));
  if (run.status !== "done") throw new Error(JSON.stringify(run.output));
  world.signpost.apiLost = false;
  return world;
}

/** Every answer of the name servers from now on, asked whenever anybody asks anything. */
function answersOf(world: World, name = NAME): string[] {
  const answers: string[] = [];
  world.signpost.onCall = () => void answers.push(String(world.signpost.answer(name)));
  return answers;
}

const mails = (world: World) => world.notices.filter(({ kind }) => kind === "records-debt-paid");

describe("records that a flag stands in for", () => {
  it.each(PAYERS)(
    "are written by %s alone, then the flag is lowered, then it is paid",
    async (site) => {
      const world = await flipped();
      for (let round = 0; round < 10; round += 1) await rewriteFrom(world, site);
      expect(world.targets(NAME)).toEqual([NEW, NEW]);
      expect(flagIn(world, "acme")).toBe("lowered");
      for (const each of PAYERS) {
        expect(recordsDebt(world, each)).toMatchObject({ state: "paid", by: site });
      }
    },
  );

  it("lead to the new primary at every instant until it is paid", async () => {
    const world = await flipped();
    const answers = answersOf(world);
    await rewriteAll(world);
    expect(recordsDebt(world, STANDBY)?.state).toBe("paid");
    expect(answers.length).toBeGreaterThan(10);
    expect(new Set(answers)).toEqual(new Set([NEW]));
  });

  it("would lead back if the flag were lowered before they are written", async () => {
    const world = await flipped();
    expect(world.signpost.answer(NAME)).toBe(NEW);
    const ledger = world.ledgers.at(STANDBY);
    ledger.put(keys.flag("acme"), { ...ledger.peek<Flag>(keys.flag("acme")), state: "lowered" });
    expect(world.signpost.answer(NAME)).toBe(OLD);
  });

  it("keep the flag up while their change is not in sync, and are written again when it seems lost", async () => {
    const world = await flipped();
    world.signpost.looksUntilSync = Number.POSITIVE_INFINITY;
    await rewriteAll(world, 10);
    expect(flagIn(world, "acme")).toBe("raised");
    expect(world.signpost.batches).toHaveLength(1);
    await rewriteAll(world, 20);
    expect(flagIn(world, "acme")).toBe("raised");
    expect(world.signpost.batches.length).toBeGreaterThan(1);
  });

  it("keep the flag up for a TTL after they are in sync", async () => {
    const world = await flipped();
    const instants = new Map<string, number>();
    for (let round = 0; round < 20 && flagIn(world, "acme") === "raised"; round += 1) {
      await rewriteFrom(world, STANDBY);
      const { step = "", at = "" } = recordsDebt(world, STANDBY)?.progress ?? {};
      instants.set(step, Date.parse(at));
    }
    const keptMs = (instants.get("lowered") ?? 0) - (instants.get("in-sync") ?? Number.NaN);
    expect(keptMs).toBeGreaterThanOrEqual(60_000);
  });

  it("keep the flag up while one name server answers the old primary", async () => {
    const world = await flipped();
    const { isRaised } = world.signpost;
    // The health check has not reached that server: it answers PRIMARY, and its zone is old.
    world.signpost.stale.add("ns-2.example");
    world.signpost.isRaised = () => false;
    await rewriteAll(world);
    expect(flagIn(world, "acme")).toBe("raised");
    world.signpost.stale.clear();
    world.signpost.isRaised = isRaised;
    await rewriteAll(world);
    expect(flagIn(world, "acme")).toBe("lowered");
  });

  it("are told to be written once, although two sites write", async () => {
    const world = await flipped();
    await rewriteAll(world, 20);
    expect(mails(world)).toHaveLength(1);
    expect(mails(world)[0]?.lines.join("\n")).toMatch(/flag that led clients over is lowered/);
  });

  it("stay owed for days while the API does not answer, and are paid in order when it does", async () => {
    const world = withoutRoute53();
    await world.failover();
    const answers = answersOf(world);
    for (let hour = 0; hour < 72; hour += 1) {
      for (const site of PAYERS) {
        expect(await rewriteFrom(world, site)).toMatchObject([{ outcome: "unreachable" }]);
      }
      await world.clock.wait(3600);
    }
    expect(flagIn(world, "acme")).toBe("raised");
    expect(recordsDebt(world, CONTROL)).toMatchObject({ state: "owed" });
    expect(recordsDebt(world, CONTROL)).not.toHaveProperty("progress");
    world.signpost.apiLost = false;
    await rewriteAll(world);
    expect(recordsDebt(world, CONTROL)?.state).toBe("paid");
    expect(new Set(answers)).toEqual(new Set([NEW]));
  });

  it("are not waited for by a home region that stays lost", async () => {
    const world = await flipped();
    world.ledgers.cutOff(HOME);
    world.databases.lost.add(HOME);
    await rewriteAll(world);
    expect(recordsDebt(world, STANDBY)?.state).toBe("paid");
  });

  it("are written while the site of the flag is lost, and its flag is left alone", async () => {
    const world = await flipped();
    world.ledgers.cutOff(STANDBY);
    for (let round = 0; round < 10; round += 1) await rewriteFrom(world, CONTROL);
    expect(world.targets(NAME)).toEqual([NEW, NEW]);
    expect(flagIn(world, "acme")).toBe("raised");
    world.ledgers.restore(STANDBY);
    await rewriteAll(world);
    expect(flagIn(world, "acme")).toBe("lowered");
  });

  it.each(["written", "in-sync", "lowered"])(
    "are paid although the payer dies right after the step %s",
    async (step) => {
      const world = await flipped();
      const answers = answersOf(world);
      const ledger = world.ledgers.at(CONTROL);
      const replace = ledger.replace.bind(ledger);
      let deaths = 2;
      ledger.replace = async (key, value, tag) => {
        const { progress } = value as { progress?: { step: string } };
        if (progress?.step === step && deaths-- > 0) throw new Error("killed");
        return replace(key, value, tag);
      };
      await rewriteAll(world, 16);
      expect(deaths).toBeLessThan(1);
      expect(recordsDebt(world, STANDBY)?.state).toBe("paid");
      expect(new Set(answers)).toEqual(new Set([NEW]));
    },
  );
});

describe("one batch for all of a zone", () => {
  it("holds both records of every name of every instance", async () => {
    const world = await bothFlipped();
    await rewriteFrom(world, CONTROL);
    expect(world.signpost.batches).toHaveLength(1);
    expect(world.signpost.batches[0]).toHaveLength(8);
  });

  it("is halved when it is refused: one bad instance holds nobody else up", async () => {
    const world = await bothFlipped();
    world.signpost.refused.add("birch.example.ch");
    const outcomes = await rewriteAll(world);
    expect(recordsDebt(world, STANDBY)?.state).toBe("paid");
    expect(recordsDebt(world, STANDBY, "birch")).toMatchObject({ state: "owed" });
    expect(flagIn(world, "birch")).toBe("raised");
    expect(outcomes.find(({ outcome }) => outcome === "failed")).toMatchObject({
      instance: "birch",
      detail: expect.stringContaining("refuses birch.example.ch"),
    });
    world.signpost.refused.clear();
    await rewriteAll(world);
    expect(flagIn(world, "birch")).toBe("lowered");
  });

  it("goes without an instance whose record was deleted, and says which", async () => {
    const world = await bothFlipped();
    world.signpost.zone = world.signpost.zone.filter(({ name }) => name !== "birch.example.ch");
    const outcomes = await rewriteFrom(world, CONTROL);
    expect(outcomes.find(({ instance }) => instance === "birch")).toMatchObject({
      outcome: "failed",
      detail: "the zone has no CNAME record birch.example.ch",
    });
    await rewriteAll(world);
    expect(recordsDebt(world, STANDBY)?.state).toBe("paid");
  });
});

describe("a debt of records that time has passed", () => {
  const rolesOf = (world: World) => world.ledgers.at(CONTROL).peek<Roles>(keys.roles("acme"));

  it("is not paid before the roles say who is primary", async () => {
    const world = await flipped();
    for (const region of [HOME, STANDBY, CONTROL]) {
      const roles = world.ledgers.at(region).peek<Roles>(keys.roles("acme"));
      world.ledgers.at(region).put(keys.roles("acme"), { ...roles, epoch: 1 });
    }
    expect(await rewriteFrom(world, CONTROL)).toMatchObject([{ outcome: "undecided" }]);
    expect(world.signpost.batches).toEqual([]);
  });

  it("writes nothing once a later epoch has begun, and waits until that one has", async () => {
    const world = await flipped();
    const back: Roles = {
      ...(rolesOf(world) as Roles),
      epoch: 4,
      primary: { region: HOME, database: "acme-db", app: "app-2.elb.example" },
    };
    world.ledgers.at(CONTROL).put(keys.roles("acme"), back);
    // A failback has changed the roles; its flip has not come yet: one answer still leads to its predecessor.
    world.signpost.zone = world.signpost.zone.map((record) =>
      record.failover?.role === "PRIMARY" ? { ...record, target: "elsewhere.example" } : record,
    );
    expect(await rewriteFrom(world, CONTROL)).toMatchObject([{ outcome: "undecided" }]);
    expect(flagIn(world, "acme")).toBe("raised");
    world.signpost.zone = world.signpost.zone.map((record) => ({
      ...record,
      target: record.name === NAME ? OLD : "app-2.elb.example",
    }));
    await rewriteAll(world);
    expect(world.signpost.batches).toEqual([]);
    expect(flagIn(world, "acme")).toBe("lowered");
    expect(recordsDebt(world, CONTROL)).toMatchObject({ state: "cancelled" });
    expect(mails(world)).toEqual([]);
  });

  it("never lowers a flag that another failover has raised meanwhile", async () => {
    const world = await flipped();
    const ledger = world.ledgers.at(STANDBY);
    const replace = ledger.replace.bind(ledger);
    let raisedAgain = false;
    ledger.replace = async (key, value, tag) => {
      const flag = value as Partial<Flag>;
      if (key === keys.flag("acme") && flag.state === "lowered" && !raisedAgain) {
        raisedAgain = true;
        ledger.put(key, { ...flag, state: "raised", by: "execution of epoch 3" });
      }
      return replace(key, value, tag);
    };
    for (let round = 0; round < 20 && !raisedAgain; round += 1) await rewriteFrom(world, STANDBY);
    expect(raisedAgain).toBe(true);
    expect(flagIn(world, "acme")).toBe("raised");
  });
});

/** After so many waits. */
const PAID_AT = 40;

describe("a new standby while records are owed", () => {
  it("is not pointed at before they are written: the payer would lead SECONDARY to the primary again", async () => {
    const world = await flipped();
    await rewriteAll(world);
    const before = world.signpost.batches.length;
    const paid = recordsDebt(world, CONTROL);
    const put = (state: "owed" | "paid", revision: number) => {
      for (const site of PAYERS) {
        world.ledgers.at(site).put(keys.debt("acme", "records"), { ...paid, state, revision });
      }
    };
    // A neighbour of its cell raises the flag for all of them while the standby is being built.
    world.before = (step) => {
      if (step === "reprotect-stream") put("owed", 90);
    };
    const batches: number[] = [];
    world.meanwhile = () => {
      world.databases.settle();
      batches.push(world.signpost.batches.length - before);
      if (batches.length > 500) throw new Error("it waits for ever");
      if (batches.length === PAID_AT) put("paid", 91);
    };
    const run = await reprotect(world);
    expect(run.status).toBe("done");
    expect(batches.length).toBeGreaterThanOrEqual(PAID_AT);
    expect(new Set(batches.slice(0, PAID_AT))).toEqual(new Set([0]));
    expect(world.signpost.batches.length).toBeGreaterThan(before);
  });
});
