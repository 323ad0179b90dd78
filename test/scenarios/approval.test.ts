import { describe, expect, it } from "vitest";
import type { Approval, Seal } from "../../functions/approval/contract.ts";
import { settle } from "../../functions/approval/settle.ts";
import { executionName } from "../../functions/failover/contract.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

const asked = (approval = {}) => new World({ failover: "approval", approval });
const failoverOf = (world: World) => executionName(world.request());
const questionOf = (world: World) =>
  world.ledgers.at(STANDBY).peek<Approval>(`approvals/acme/${failoverOf(world)}.json`);

/** Somebody decides, as `sla approve` does. */
async function answer(world: World, state: "approved" | "refused", wakes = true) {
  const ledger = world.ledgers.at(STANDBY);
  const at = world.clock.now().toISOString();
  const about = { instance: "acme", failover: failoverOf(world) };
  const settled = await settle(ledger, about, { state, at, by: "ops", reason: "I have looked" });
  const seal = ledger.peek<Seal>(`sealed/acme/${failoverOf(world)}.json`);
  if (wakes && seal) world.woken.add(seal.token);
  return settled;
}

const detailOf = (run: { readonly output: unknown }, step: string) =>
  (run.output as { timeline: { step: string; detail: string }[] }).timeline.find(
    (each) => each.step === step,
  )?.detail;

/** What a failover that stopped before the fence leaves. */
function expectUntouched(world: World) {
  expect(world.databases.changes).toEqual([]);
  expect(world.signpost.batches).toEqual([]);
  expect(world.roles).toMatchObject({ epoch: 1 });
  expect(world.ledgers.at(STANDBY).peek("locks/acme.json")).toMatchObject({ state: "free" });
}

describe("a failover that waits for a person", () => {
  it("goes on when approved, and says who decided and why", async () => {
    const world = asked();
    world.people = async () => void (await answer(world, "approved"));
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.waits).toBe(1);
    expect(detailOf(run, "approve")).toMatch(/^approved by ops at .*: I have looked$/);
    expect(world.roles).toMatchObject({ epoch: 2 });
    expect(world.told).toEqual(["failover-started", "approval-wanted", "failover-done"]);
  });

  it("touches nothing while it waits", async () => {
    const world = asked();
    world.people = async (wait) => {
      expect(world.databases.changes).toEqual([]);
      if (wait === 3) await answer(world, "approved");
    };
    expect((await world.failover()).status).toBe("done");
    expect(world.waits).toBe(3);
  });

  it("asks about what was found, what would be lost, and says what happens without an answer", async () => {
    const world = asked();
    world.people = async () => void (await answer(world, "approved"));
    await world.failover();
    const mail = world.notices.find(({ kind }) => kind === "approval-wanted");
    const text = mail?.lines.join("\n");
    expect(text).toContain("The primary acme-db in eu-central-2 is down since 2026-11-21T10:00:00");
    expect(text).toContain("loses at most the 10.0 s of writes");
    expect(text).toMatch(/it goes on by itself at 2026-11-21T10:\d\d/);
    expect(text).toContain("npx sla approve acme --reason 'why'");
    expect(questionOf(world)).toMatchObject({ epoch: 1, asked: ["ops@orchard.example"] });
  });

  it("tells nobody the secret of its links, nor the token that wakes it", async () => {
    const world = asked();
    world.people = async () => void (await answer(world, "approved"));
    const run = await world.failover();
    const seal = world.ledgers.at(STANDBY).peek<Seal>(`sealed/acme/${failoverOf(world)}.json`);
    const open = JSON.stringify([run.output, world.notices, questionOf(world)]);
    expect(seal?.secret.length).toBeGreaterThanOrEqual(43);
    expect(open).not.toContain(seal?.secret);
    expect(open).not.toContain(seal?.token);
  });

  it("stops when refused, with nothing touched and the lock free", async () => {
    const world = asked();
    world.people = async () => void (await answer(world, "refused"));
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltRefused" });
    expectUntouched(world);
    const halt = world.notices.at(-1);
    expect(halt).toMatchObject({ kind: "failover-halted" });
    expect(halt?.lines.join("\n")).toMatch(/refused by ops at .*: I have looked/);
    expect(halt?.lines.join("\n")).toMatch(/npx sla failover acme .*--continue fo-acme-e1-/);
  });

  it("can be taken up again by a person, who is not asked once more", async () => {
    const world = asked();
    world.people = async () => void (await answer(world, "refused"));
    await world.failover();
    const again = world.request({ trigger: "person", continues: failoverOf(world) });
    expect((await world.failover(again, "fo-acme-again")).status).toBe("done");
    expect(world.waits).toBe(1);
  });

  it("goes on without an answer where the plan says failover, within the promised time", async () => {
    const world = asked();
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(detailOf(run, "approve")).toMatch(/^nobody answered until .*: then the plan says/);
    expect(questionOf(world)).toMatchObject({ state: "expired", by: "the plan" });
    const last = world.clock.now().getTime() - Date.parse("2026-11-21T10:00:00.000Z");
    expect(last / 1000).toBeLessThan(1800);
  });

  it("stops without an answer where the plan says halt", async () => {
    const world = asked({ otherwise: "halt", withinSeconds: 600 });
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltUnanswered" });
    expectUntouched(world);
  });

  it("gives a person as long as the plan says", async () => {
    const world = asked({ withinSeconds: 3600 });
    world.people = async () => {
      const left = Date.parse(questionOf(world)?.until ?? "") - world.clock.now().getTime();
      if (left < 60_000) await answer(world, "approved");
    };
    expect((await world.failover()).status).toBe("done");
    expect(questionOf(world)).toMatchObject({ state: "approved" });
  });

  it("finds the answer though nobody woke it", async () => {
    const world = asked();
    world.people = async (wait) => void (wait === 1 && (await answer(world, "approved", false)));
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.waits).toBe(1);
  });

  it("does not go on because it was woken: only an answer lets it", async () => {
    const world = asked();
    world.people = (wait) => {
      const seal = world.ledgers.at(STANDBY).peek<Seal>(`sealed/acme/${failoverOf(world)}.json`);
      if (wait < 4 && seal) world.woken.add(seal.token);
      if (wait === 4) return answer(world, "refused").then(() => undefined);
      return undefined;
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltRefused" });
    expect(world.waits).toBe(4);
  });

  it("hears an answer that came between its look and its question: nobody would wake it", async () => {
    const world = asked();
    let questions = 0;
    world.before = (step: string | undefined) => {
      // Who asks is no step of the line.
      if (step !== undefined) return;
      questions += 1;
      if (questions !== 2) return;
      const key = `approvals/acme/${failoverOf(world)}.json`;
      const by = { state: "approved", by: "ops", at: "2026-11-21T10:02:00Z", reason: "seen" };
      world.ledgers.at(STANDBY).put(key, { ...questionOf(world), ...by });
    };
    expect((await world.failover()).status).toBe("done");
    expect([questions, world.waits]).toEqual([2, 1]);
  });

  it("is decided by whoever is first; the second learns of it", async () => {
    const world = asked();
    const settled: unknown[] = [];
    world.people = async () => {
      settled.push(...(await Promise.all([answer(world, "refused"), answer(world, "approved")])));
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltRefused" });
    expect(settled).toMatchObject([
      { ours: true, answer: { state: "refused" } },
      { ours: false, answer: { state: "refused" } },
    ]);
  });

  it("stops when aborted while it waits, whatever is answered then", async () => {
    const world = asked();
    const execution = world.executionOf(world.request());
    world.people = async () => {
      const wish = {
        instance: "acme",
        execution,
        reason: "the wrong one",
        at: "2026-11-21T10:05Z",
      };
      world.ledgers.at(STANDBY).put("aborts/acme.json", wish);
      await answer(world, "approved");
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltAborted" });
    expectUntouched(world);
  });

  it("is not for an instance that healed while it waited", async () => {
    const world = asked();
    world.people = async (wait) => {
      if (wait === 2) world.page = "good";
      if (wait === 3) await answer(world, "approved");
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltRecovered" });
    expectUntouched(world);
  });

  it("is not for a database that came back without its page", async () => {
    const world = asked();
    world.page = "bad";
    world.people = async (wait) => {
      if (wait === 2) {
        Object.assign(world.primary, { process: "runs", beatAt: undefined });
        world.standby.beatAt = undefined;
      }
      if (wait === 3) await answer(world, "approved");
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltStillAlive" });
    expectUntouched(world);
  });

  it("is not for roles that changed while it waited", async () => {
    const world = asked();
    world.people = async () => {
      const roles = { ...world.roles, epoch: 2, by: "somebody else" };
      world.ledgers.at(STANDBY).put("roles/acme.json", roles);
      await answer(world, "approved");
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltEpoch" });
    expect(world.databases.changes).toEqual([]);
  });

  it("asks nobody where a person began it, and nobody where failover is automatic", async () => {
    const begun = asked();
    const request = begun.request({ trigger: "person" });
    expect((await begun.failover(request, "fo-acme-by-hand")).status).toBe("done");
    const automatic = new World();
    expect((await automatic.failover()).status).toBe("done");
    expect([begun.waits, automatic.waits]).toEqual([0, 0]);
  });

  it("asks the customer too where the plan says so", async () => {
    const world = asked({ asks: "everybody" });
    world.people = async () => void (await answer(world, "approved"));
    await world.failover();
    expect(questionOf(world)?.asked).toEqual(["ops@orchard.example", "it@acme.example.ch"]);
  });

  it("taken twice at every step changes nothing that once did not", async () => {
    const world = asked();
    world.twice = true;
    world.people = async () => void (await answer(world, "approved"));
    expect((await world.failover()).status).toBe("done");
    expect(world.databases.changes).toEqual([
      "groups of acme-db: sg-2q",
      "promote acme-db-standby",
    ]);
  });
});
