import { describe, expect, it } from "vitest";
import { STANDBY, World } from "../fakes/failover-world.ts";

const promotions = ({ databases }: World) =>
  databases.changes.filter((change) => change.startsWith("promote"));
const haltIn = (world: World) => world.notices.findLast(({ kind }) => kind === "failover-halted");

describe("a standby that RDS does not promote now", () => {
  it("is waited for while its backup lasts, before anything is touched", async () => {
    const world = new World();
    world.standby.status = "backing-up";
    const begun = world.clock.now().getTime();
    world.before = (step) => {
      const waited = world.clock.now().getTime() - begun;
      if (step === "preflight" && waited > 120_000) world.standby.status = "available";
    };
    expect((await world.failover()).status).toBe("done");
  });

  it.each(["backing-up", "maintenance"])(
    "is told to a person once it has been %s for five minutes: what, what is lost, what next",
    async (status) => {
      const world = new World();
      world.standby.status = status;
      const run = await world.failover();
      expect(run.output).toMatchObject({ Error: "HaltStandbyBusy" });
      expect(world.databases.changes).toEqual([]);
      expect(world.ledgers.at(STANDBY).peek("locks/acme.json")).toMatchObject({ state: "free" });
      const text = haltIn(world)?.lines.join("\n");
      expect(text).toMatch(new RegExp(`acme-db-standby has been ${status} for 3\\d\\d s`));
      expect(text).toContain("Promoting the standby loses at most the 10.0 s");
      expect(text).toMatch(/npx sla failover acme --reason '3 bad rounds' --continue fo-acme-e1-/);
    },
  );

  it("that becomes busy behind the fence gives the primary back", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "promote") world.standby.status = "backing-up";
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStandbyBusy" });
    expect(promotions(world)).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("is not given up where the promotion may be what it is busy with", async () => {
    const world = new World();
    world.before = (step) => {
      if (step !== "promote") return;
      const [admit = ""] = world.ledgers.at(STANDBY).keys("failovers/acme/");
      const asked = { state: "asked", at: "2026-11-21T10:00:49.000Z" };
      world.ledgers.at(STANDBY).put(admit.replace(/[^/]+$/, "promote.json"), asked);
      world.standby.status = "modifying";
    };
    const run = await world.failover();
    expect(run.output).not.toMatchObject({ Error: "HaltStandbyBusy" });
  });

  it("that is free again is promoted by the command of the mail", async () => {
    const world = new World();
    world.standby.status = "backing-up";
    await world.failover();
    world.standby.status = "available";
    const [admit = ""] = world.ledgers.at(STANDBY).keys("failovers/acme/");
    const again = world.request({ trigger: "person", continues: admit.split("/")[2] ?? "" });
    expect((await world.failover(again, "fo-acme-again")).status).toBe("done");
    expect(promotions(world)).toHaveLength(1);
  });
});
