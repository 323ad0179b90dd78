import { describe, expect, it } from "vitest";
import {
  debtIn,
  debtMails,
  homeReturns,
  lostHome,
  payFromAll,
  SITES,
} from "../fakes/debt-rounds.ts";
import type { FakeDatabase } from "../fakes/failover-databases.ts";
import { CONTROL, STANDBY, World } from "../fakes/failover-world.ts";

const DAY_SECONDS = 86_400;
const MINUTE = 60;
const DIVERGENT = { tables: [{ table: "public.orders", count: 1, rows: [{ id: 7 }] }], unread: [] };

/** Its host was cut off, or hung: its sessions are there as before. */
const resumes = (db: FakeDatabase) => Object.assign(db, { process: "runs", sessions: 3 });

const asked = (world: World) => {
  const operations: string[] = [];
  const ask = world.databases.ask.bind(world.databases);
  world.databases.ask = (region, request) => {
    operations.push(request.operation);
    return ask(region, request);
  };
  return operations;
};

interface Noted {
  readonly failovers?: readonly { readonly outcome: string; readonly rpoProvisional?: true }[];
}
const notes = (world: World) =>
  world.ledgers.at(STANDBY).peek<Noted>("incidents/acme/i1.json")?.failovers ?? [];

async function cutAtFence(): Promise<World> {
  const world = new World();
  world.primary.process = "cut";
  expect((await world.failover()).status).toBe("done");
  return world;
}

describe("a primary that is silent when it is fenced, its sessions open", () => {
  it("acknowledges nothing a round after it goes on", async () => {
    const world = await cutAtFence();
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "paid", unsevered: true });
    for (let minute = 0; minute < 3; minute++) {
      await payFromAll(world);
      await world.clock.wait(MINUTE);
    }
    expect(debtMails(world)).toEqual([]);
    resumes(world.primary);
    expect(world.primary.acknowledges()).toBe(true);
    await payFromAll(world);
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("acknowledges nothing while its standby is still being promoted", async () => {
    const world = new World();
    world.primary.process = "cut";
    let atRoles: boolean | undefined;
    world.before = (step) => {
      if (step === "promote") resumes(world.primary);
      if (step === "roles") atRoles = world.primary.acknowledges();
    };
    const ask = world.databases.ask.bind(world.databases);
    world.databases.ask = async (region, request) => {
      if (request.operation === "prove") await payFromAll(world);
      return ask(region, request);
    };
    expect((await world.failover()).status).toBe("done");
    expect(atRoles).toBe(false);
    expect(debtMails(world)).toEqual([]);
  });

  it("keeps its sessions when the failover was given up and the fence is off", async () => {
    const world = new World();
    world.primary.process = "cut";
    world.before = (step) => {
      if (step === "drain") world.standby.process = "dead";
    };
    expect((await world.failover()).states).toContain("Unfence");
    resumes(world.primary);
    await payFromAll(world);
    expect(world.primary).toMatchObject({ sessions: 3, groups: ["sg-clients"] });
  });

  it("is looked through once its sessions are ended, and the loss is final only then", async () => {
    const world = await cutAtFence();
    expect(notes(world)).toMatchObject([{ outcome: "done", rpoProvisional: true }]);
    world.primary.divergence = DIVERGENT;
    resumes(world.primary);
    const operations = asked(world);
    await payFromAll(world);
    expect(operations.indexOf("sever")).toBeLessThan(operations.indexOf("diverge"));
    expect(notes(world)).toMatchObject([{ outcome: "done" }, { outcome: "settled" }]);
    const mails = debtMails(world).map(({ lines }) => lines.join("\n"));
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain("3 sessions ended");
    expect(mails[0]).toContain("1 (public.orders 1)");
    expect(mails[0]).toContain("is final");
    for (const site of SITES) expect(debtIn(world, site)).not.toHaveProperty("unsevered");
    expect((await payFromAll(world)).flat()).toEqual([]);
  });

  it("is not asked again where its host says that nobody listens: its loss is final at once", async () => {
    const world = new World();
    await world.failover();
    expect(debtIn(world, CONTROL)).not.toHaveProperty("unsevered");
    expect((await payFromAll(world)).flat()).toEqual([]);
  });

  it("is not asked again once somebody has deleted it", async () => {
    const world = await cutAtFence();
    world.databases.all.delete("eu-central-2/acme-db");
    await payFromAll(world);
    expect(debtIn(world, CONTROL)).not.toHaveProperty("unsevered");
  });

  it("is rebooted if its sessions cannot be ended, once for all sites", async () => {
    const world = await cutAtFence();
    resumes(world.primary);
    world.primary.severs = false;
    await payFromAll(world);
    await payFromAll(world);
    expect(world.databases.changes.filter((each) => each === "reboot acme-db")).toHaveLength(1);
    expect(world.primary.acknowledges()).toBe(false);
  });
});

describe("a primary that is silent when its debt is paid, its sessions open", () => {
  async function paidWhileSilent() {
    const world = await lostHome(new World());
    homeReturns(world);
    world.primary.process = "cut";
    await payFromAll(world);
    return world;
  }

  it("is told as what it is: not severed, not looked through, the loss provisional", async () => {
    const world = await paidWhileSilent();
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "paid", unsevered: true });
    const [mail] = debtMails(world).map(({ lines }) => lines.join("\n"));
    expect(mail).toContain("no session could be ended");
    expect(mail).toContain("provisional");
    expect(mail).not.toContain("is final");
  });

  it("acknowledges nothing a round after it goes on, and what it took is told", async () => {
    const world = await paidWhileSilent();
    world.primary.divergence = DIVERGENT;
    resumes(world.primary);
    await payFromAll(world);
    expect(world.primary.acknowledges()).toBe(false);
    const mails = debtMails(world).map(({ lines }) => lines.join("\n"));
    expect(mails).toHaveLength(2);
    expect(mails[1]).toContain("1 (public.orders 1)");
    expect(mails[1]).toContain("is final");
  });

  it("is never looked through while it is silent", async () => {
    const world = await paidWhileSilent();
    const operations = asked(world);
    for (const seconds of [MINUTE, 600, DAY_SECONDS]) {
      await world.clock.wait(seconds);
      await payFromAll(world);
    }
    expect(operations).not.toContain("diverge");
    expect(debtMails(world)).toHaveLength(1);
  });

  it("is severed before it is looked through, also where an older version noted nothing of sessions", async () => {
    const world = await paidWhileSilent();
    for (const site of SITES) {
      const ledger = world.ledgers.at(site);
      const { unsevered: _, ...known } = debtIn(world, site) as object & { unsevered?: true };
      ledger.put("debts/acme/fence.json", { ...known, divergent: "?", unsearched: true });
    }
    resumes(world.primary);
    await world.clock.wait(600);
    await payFromAll(world);
    await payFromAll(world);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtMails(world).at(-1)?.lines.join("\n")).toContain("is final");
  });
});
