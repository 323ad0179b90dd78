import { describe, expect, it } from "vitest";
import { executionName } from "../../functions/failover/contract.ts";
import {
  debtMails,
  homeReturns,
  loseHome,
  lostHome,
  payFromAll,
  SITES,
} from "../fakes/debt-rounds.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

interface Incident {
  readonly failovers?: readonly { readonly id: string; readonly outcome: string }[];
}

const notes = (world: World) =>
  world.ledgers.at(STANDBY).peek<Incident>("incidents/acme/i1.json")?.failovers ?? [];
const done = ({ notices }: World) =>
  notices.find(({ kind }) => kind === "failover-done")?.lines.join("\n");

describe("what a failover lost", () => {
  it("is final at once where the old primary was fenced", async () => {
    const world = new World();
    await world.failover();
    expect(notes(world)).toMatchObject([{ outcome: "done" }]);
    expect(notes(world)[0]).not.toHaveProperty("rpoProvisional");
    expect(done(world)).not.toContain("provisionally");
  });

  it("is provisional while the old primary may take writes, in the record and in the mail", async () => {
    const world = await lostHome(new World());
    expect(notes(world)).toMatchObject([{ outcome: "done", rpoProvisional: true }]);
    expect(done(world)).toContain("provisionally");
  });

  it("becomes final with the paid fence, once, with what was found", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    const rows = [{ id: 7 }, { id: 8 }];
    world.primary.divergence = { tables: [{ table: "public.orders", count: 2, rows }], unread: [] };
    await payFromAll(world);
    await payFromAll(world);
    expect(notes(world)).toMatchObject([
      { outcome: "done" },
      { outcome: "settled", divergent: expect.stringContaining("2 (public.orders 2)") },
    ]);
    expect(debtMails(world)[0]?.lines.join("\n")).toContain("is final");
  });

  it("lies in one folder with the failover that a person went on with", async () => {
    const world = new World();
    loseHome(world);
    world.standby.status = "backing-up";
    await world.failover();
    world.standby.status = "available";
    const request = world.request();
    const folder = executionName(request);
    await world.failover({ ...request, trigger: "person", continues: folder }, "fo-acme-again");
    homeReturns(world);
    const rows = [{ id: 7 }];
    world.primary.divergence = { tables: [{ table: "public.orders", count: 1, rows }], unread: [] };
    await payFromAll(world);
    const folders = SITES.flatMap((site) => world.ledgers.at(site).keys("failovers/acme/")).map(
      (key) => key.split("/")[2],
    );
    expect(new Set(folders)).toEqual(new Set([folder]));
    expect(notes(world).map(({ id }) => id)).toEqual([folder, folder, folder]);
  });

  it("keeps in that folder why going on stopped before it was admitted, and what was known before", async () => {
    const world = new World();
    world.standby.status = "backing-up";
    await world.failover();
    const folder = executionName(world.request());
    const lock = { state: "held", by: "another", until: "2026-11-21T23:00:00.000Z" };
    world.ledgers.at(STANDBY).put("locks/acme.json", lock);
    await world.failover(world.request({ trigger: "person", continues: folder }), "fo-acme-again");
    const halted = world.ledgers.at(STANDBY).peek(`failovers/acme/${folder}/halted.json`);
    expect(halted).toMatchObject({ code: "HaltLocked", evidence: expect.anything() });
    expect(world.notices.at(-1)?.lines.join("\n")).toContain(`--continue ${folder}`);
  });
});
