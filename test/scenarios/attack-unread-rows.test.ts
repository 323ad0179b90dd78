import { describe, expect, it } from "vitest";
import type { Divergence } from "../../functions/sql/contract.ts";
import { debtIn, debtMails, homeReturns, lostHome, payFromAll } from "../fakes/debt-rounds.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

const HOUR = 3600;
const AT = "2026-11-21T09:55:00.000Z";
const CHANGED = { deleted: 100, updated: 500, counting: "1 2" };
const DENIED = { table: "public.orders", because: "permission denied for table orders" };
const BIG = { table: "public.big", because: "no time left" };
const ORDERS = { table: "public.orders", count: 2, rows: [{ id: 7 }, { id: 8 }] };

async function paidWith(divergence: Divergence) {
  const world = await lostHome(new World());
  homeReturns(world);
  world.primary.divergence = divergence;
  await payFromAll(world);
  return world;
}

const texts = (world: World) => debtMails(world).map(({ lines }) => lines.join("\n"));
const outcomes = (world: World) =>
  world.ledgers
    .at(STANDBY)
    .peek<{ failovers?: readonly { outcome: string }[] }>("incidents/acme/i1.json")
    ?.failovers?.map(({ outcome }) => outcome);

async function hours(world: World, count: number) {
  for (let hour = 0; hour < count; hour++) {
    await world.clock.wait(HOUR);
    await payFromAll(world);
    await payFromAll(world);
  }
}

describe("an old primary whose tables nobody could read", () => {
  it("is not told as a final loss, and the mail says which grant helps", async () => {
    const world = await paidWith({ tables: [], unread: [DENIED] });
    const [mail] = texts(world);
    expect(mail).not.toContain("is final");
    expect(mail).toContain("public.orders because of permission denied for table orders");
    expect(mail).toContain("not final");
    expect(mail).toContain("grant pg_read_all_data to sla");
    expect(outcomes(world)).toEqual(["done"]);
    expect(debtIn(world, CONTROL)).toMatchObject({ unsearched: "in part" });
  });

  it("is looked through once an hour, and nobody is told the same again", async () => {
    const world = await paidWith({ tables: [], unread: [DENIED] });
    await world.clock.wait(600);
    expect((await payFromAll(world)).flat()).toEqual([]);
    await hours(world, 5);
    expect(texts(world)).toHaveLength(1);
  });

  it("is final after the grant, with what was found", async () => {
    const world = await paidWith({ tables: [], unread: [DENIED] });
    world.primary.divergence = { tables: [ORDERS], unread: [] };
    await hours(world, 2);
    expect(texts(world)).toHaveLength(2);
    expect(texts(world)[1]).toContain("2 (public.orders 2)");
    expect(texts(world)[1]).toContain("is final");
    expect(outcomes(world)).toEqual(["done", "settled"]);
    await world.clock.wait(HOUR);
    expect((await payFromAll(world)).flat()).toEqual([]);
  });

  it("tells rows that were found although others cannot be read, once", async () => {
    const world = await paidWith({ tables: [], unread: [DENIED, BIG] });
    world.primary.divergence = { tables: [ORDERS], unread: [BIG] };
    await hours(world, 4);
    expect(texts(world)).toHaveLength(2);
    expect(texts(world)[1]).toContain("2 (public.orders 2)");
    expect(texts(world)[1]).toContain("public.big because of no time left");
    expect(texts(world)[1]).not.toContain("is final");
  });
});

describe("rows that were found beside tables that could not be read", () => {
  const found = async () => {
    const world = await paidWith({ tables: [ORDERS], unread: [BIG] });
    expect(texts(world)[0]).toContain("2 (public.orders 2)");
    return world;
  };

  it("stay found while their server does not answer", async () => {
    const world = await found();
    world.primary.process = "hung";
    await hours(world, 2);
    expect(debtIn(world, CONTROL)).toMatchObject({
      ...{ unsearched: "in part", divergentRows: 2, unread: "public.big because of no time left" },
    });
    world.primary.process = "runs";
    world.primary.divergence = { tables: [ORDERS], unread: [] };
    await hours(world, 2);
    expect(texts(world)).toHaveLength(2);
    expect(texts(world)[1]).toContain("2 (public.orders 2)");
    expect(texts(world)[1]).toContain("is final");
  });

  it("stay found when its database is gone", async () => {
    const world = await found();
    world.databases.all.delete("eu-central-2/acme-db");
    await hours(world, 2);
    expect(texts(world)).toHaveLength(2);
    expect(texts(world)[1]).toContain("2 (public.orders 2)");
    expect(texts(world)[1]).toContain("Nobody can look any more");
  });
});

describe("an old primary that nobody can look through any more", () => {
  it("is told so where its database is gone, and not asked again", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    world.databases.all.delete("eu-central-2/acme-db");
    await payFromAll(world);
    const [mail] = texts(world);
    expect(mail).toContain("Nobody can look any more");
    expect(mail).not.toContain("is final");
    expect(outcomes(world)).toEqual(["done"]);
    await world.clock.wait(HOUR);
    expect((await payFromAll(world)).flat()).toEqual([]);
  });

  it("is told so where nobody knows what the standby had seen", async () => {
    const world = await lostHome(new World());
    for (const site of [STANDBY, CONTROL]) {
      const { horizon: _, ...debt } = debtIn(world, site) as object & { horizon?: string };
      world.ledgers.at(site).put("debts/acme/fence.json", debt);
    }
    homeReturns(world);
    await payFromAll(world);
    expect(texts(world)[0]).toContain("Nobody can look any more");
    expect(outcomes(world)).toEqual(["done"]);
  });
});

describe("rows that were deleted on an old primary beside its successor", () => {
  async function foundWith(
    changed: Divergence["changed"],
    reading: object = { changed: { ...CHANGED, at: AT } },
  ) {
    const world = new World();
    const instances = { acme: { epoch: 1, ...reading } };
    for (const shard of ["s00", "s01"]) {
      world.ledgers.at(STANDBY).put(`watches/${shard}-gauges.json`, { at: AT, instances });
    }
    await lostHome(world);
    homeReturns(world);
    world.primary.divergence = { tables: [ORDERS], unread: [], ...(changed && { changed }) };
    await payFromAll(world);
    return world;
  }

  it("are counted at most, in the debt, the mail and what is kept", async () => {
    const world = await foundWith({ ...CHANGED, deleted: 107, updated: 620 });
    expect(debtIn(world, CONTROL)).toMatchObject({ changedAtMost: { deleted: 7, updated: 120 } });
    expect(texts(world)[0]).toContain(`at most 7 rows deleted and 120 updated there since ${AT}`);
    const kept = [HOME, STANDBY, CONTROL].flatMap((site) =>
      world.ledgers
        .at(site)
        .keys("failovers/acme/")
        .filter((key) => key.endsWith("/divergent.json.gz"))
        .map((key) => world.ledgers.at(site).peek(key)),
    );
    expect(kept).toMatchObject([{ changedAtMost: { deleted: 7 } }]);
  });

  it.each([
    [
      "the server crashed and counts anew",
      { ...CHANGED, deleted: 900, counting: "1 3" },
      undefined,
    ],
    ["nobody had looked under these roles", CHANGED, { epoch: 7, changed: { ...CHANGED, at: AT } }],
    ["the server does not say", undefined, undefined],
  ])("are said to be unknown where %s", async (_, changed, reading) => {
    const world = await foundWith(changed, reading);
    expect(debtIn(world, CONTROL)).not.toHaveProperty("changedAtMost");
    expect(texts(world)[0]).toContain("how many were deleted there nobody can say");
  });
});
