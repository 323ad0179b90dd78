import { describe, expect, it } from "vitest";
import { debtMails, homeReturns, lostHome, payFromAll } from "../fakes/debt-rounds.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

interface Incident {
  readonly failovers?: readonly { readonly outcome: string }[];
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
});
