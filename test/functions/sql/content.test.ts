import { CreateDBInstanceCommand, DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { content } from "../../../functions/sql/content.ts";
import type { Content, ContentCursor } from "../../../functions/sql/contract.ts";
import { figures } from "../../../functions/sql/figures.ts";
import type { Session } from "../../../functions/sql/server.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { type Cloud, HOME, PASSWORD, startCloud } from "../../local-cloud/rds/cloud.ts";

const ROWS = 20_000;
const NOON = "2026-11-21T12:00:00Z";

let cloud: Cloud;
/** One connection a statement: what is asked here needs no transaction. */
const session: Session = {
  query: async <Row>(text: string, values: readonly unknown[] = []) =>
    (await cloud.rds.adminQuery(HOME, "acme-db", text, values)) as Row[],
};
const run = (text: string) => session.query(text);

beforeAll(async () => {
  cloud = await startCloud();
  await cloud.client(HOME).send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "acme-db", DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20 },
      ...{ Engine: "postgres", MasterUsername: "odoo", MasterUserPassword: PASSWORD },
    }),
  );
  await cloud.rds.settled(HOME, "acme-db");
});
afterAll(() => cloud.close());
beforeEach(async () => {
  await run("drop schema if exists shop cascade");
  await run("create schema shop");
  await run("create table shop.orders (id int primary key, note text)");
  await run(`insert into shop.orders select n, repeat('x', 50) from generate_series(1, ${ROWS}) n`);
  await run('create table shop."Odd name" (id int)');
  await run("create materialized view shop.totals as select count(*) from shop.orders");
});

/** A clock that says after so many looks at it that the time is over. */
class Hasty extends FakeClock {
  #left: number;
  constructor(looks: number) {
    super(NOON);
    this.#left = looks;
  }
  override now(): Date {
    this.#left -= 1;
    return this.#left > 0 ? super.now() : new Date(Date.parse(NOON) + 3_600_000);
  }
}

/** All answers to the end, each cut off after so many looks at the clock. */
async function parts(looks: number): Promise<readonly Content[]> {
  const found: Content[] = [];
  let from: ContentCursor | undefined;
  do {
    const part: Content = await content(session, { ...(from && { from }) }, new Hasty(looks));
    found.push(part);
    from = part.next;
  } while (from);
  return found;
}

const counts = (all: readonly Content[]) =>
  all.flatMap(({ tables }) => tables.map(({ table, rows }) => [table, rows]));

describe("the content of a database", () => {
  it("is every table and view with its rows, its version and a digest of its schema", async () => {
    const [only] = await parts(1000);
    expect(only?.tables.map(({ table, rows }) => [table, rows])).toEqual([
      ['shop."Odd name"', 0],
      ["shop.orders", ROWS],
      ["shop.totals", 1],
    ]);
    expect(only?.head).toMatchObject({
      version: "15.18",
      schema: expect.stringMatching(/^\w{32}$/),
    });
    expect(only).toMatchObject({ indexes: 2, unchecked: [] });
    expect(only?.next).toBeUndefined();
  });

  it("names other databases of the server, of which nothing is read", async () => {
    expect((await parts(1000))[0]?.head).not.toHaveProperty("others");
    await run('create database "crm.old"');
    try {
      expect((await parts(1000))[0]?.head?.others).toEqual(["crm.old"]);
    } finally {
      await run('drop database "crm.old"');
    }
  });

  it("comes to the same however often it is cut off", async () => {
    const [whole] = await parts(1000);
    const pieces = await parts(3);
    expect(pieces.length).toBeGreaterThan(2);
    expect(counts(pieces)).toEqual(counts(whole ? [whole] : []));
    expect(pieces.reduce((sum, { indexes }) => sum + indexes, 0)).toBe(2);
    expect(pieces.filter(({ head }) => head)).toHaveLength(1);
  });

  it("goes on in the middle of a table with what it has counted", async () => {
    const from = { table: "shop.orders", block: 100, rows: 7, problems: [] };
    const { tables } = await content(session, { from }, new FakeClock(NOON));
    const orders = tables.find(({ table }) => table === "shop.orders");
    expect(orders?.rows).toBeLessThan(ROWS);
    expect(orders?.rows).toBeGreaterThan(7);
    expect(tables.map(({ table }) => table)).not.toContain('shop."Odd name"');
  });

  it("names damage instead of failing at it", async () => {
    const broken: Session = {
      query: async (text, values) => {
        if (!text.includes("bt_index_check")) return session.query(text, values);
        throw Object.assign(new Error("item order invariant violated"), { code: "XX002" });
      },
    };
    const { tables } = await content(broken, {}, new FakeClock(NOON));
    const orders = tables.find(({ table }) => table === "shop.orders");
    expect(orders?.problems[0]).toBe("item order invariant violated");
  });

  it("is also what values too long for a block hold, and whether that is damaged", async () => {
    await run("create table shop.files (id int, data text)");
    await run("alter table shop.files alter data set storage external");
    await run("insert into shop.files select n, repeat('x', 100000) from generate_series(1, 9) n");
    const toast = "(select reltoastrelid from pg_class where oid = 'shop.files'::regclass)";
    const [size] = await session.query<{ blocks: number }>(
      `select (pg_relation_size(${toast}) / 8192)::int as blocks`,
    );
    const read: unknown[] = [];
    const watched: Session = {
      query: async (text, values) => {
        if (text.includes("verify_heapam")) read.push(values?.[2]);
        return session.query(text, values);
      },
    };
    const { tables } = await content(watched, {}, new FakeClock(NOON));
    expect(read).toContain(Number(size?.blocks) - 1);
    expect(tables).toContainEqual({ table: "shop.files", rows: 9, problems: [] });

    const broken: Session = {
      query: async (text, values) => {
        const last = text.includes("verify_heapam") && values?.[2] === Number(size?.blocks) - 1;
        if (!last) return session.query(text, values);
        throw Object.assign(new Error("invalid page in block 112"), { code: "XX001" });
      },
    };
    const damaged = await content(broken, {}, new FakeClock(NOON));
    const files = damaged.tables.find(({ table }) => table === "shop.files");
    expect(files).toMatchObject({ rows: 9, problems: ["invalid page in block 112"] });
  });

  it("names an index that takes too long as not checked, and nothing as damaged", async () => {
    const slow: Session = {
      query: async (text, values) => {
        if (!text.includes("bt_index_check")) return session.query(text, values);
        throw Object.assign(new Error("statement timeout"), { code: "57014" });
      },
    };
    const { unchecked, tables } = await content(slow, {}, new FakeClock(NOON));
    expect(unchecked).toContainEqual({ index: "shop.orders_pkey", because: "statement timeout" });
    expect(tables.every(({ problems }) => problems.length === 0)).toBe(true);
  });

  it("is not known of a server that goes away", async () => {
    const gone: Session = {
      query: async (text, values) => {
        if (!text.includes("count(*)")) return session.query(text, values);
        throw Object.assign(new Error("terminating connection"), { code: "57P01" });
      },
    };
    await expect(content(gone, {}, new FakeClock(NOON))).rejects.toThrow("terminating");
  });
});

describe("what the master of a restored database may not do", () => {
  /** As on RDS: no superuser, in one session. */
  const contentForMaster = async () => {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "acme-db" });
    const { DBInstances } = await cloud.client(HOME).send(command);
    const client = await cloud.connect(DBInstances?.[0]?.Endpoint?.Address ?? "", { user: "odoo" });
    const master: Session = {
      query: async <Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query(text, [...values])).rows as Row[],
    };
    return content(master, {}, new FakeClock(NOON)).finally(() => client.end());
  };
  const ordersIn = ({ tables }: Content) => tables.find(({ table }) => table === "shop.orders");

  beforeEach(async () => {
    await run("drop role if exists shopkeeper, provider");
    await run("create role shopkeeper");
    await run("create role provider superuser");
    await run("alter schema shop owner to shopkeeper");
    for (const table of ["orders", '"Odd name"', "totals"]) {
      await run(`alter table shop.${table} owner to shopkeeper`);
    }
  });
  afterEach(async () => {
    await run("drop schema shop cascade");
    await run("alter extension amcheck set schema public");
    await run("alter role odoo reset all");
  });

  it("hinders nothing where it may join the owner of the tables", async () => {
    expect(ordersIn(await contentForMaster())).toEqual({
      ...{ table: "shop.orders", rows: ROWS, problems: [] },
    });
  });

  it("hinders nothing where the owner shows it some rows only", async () => {
    await run("alter table shop.orders enable row level security");
    await run("create policy few on shop.orders using (id < 3)");
    expect(ordersIn(await contentForMaster())).toMatchObject({ rows: ROWS, problems: [] });
  });

  it("is told of a table that it cannot read, and the blocks of that are checked", async () => {
    await run("alter schema shop owner to odoo");
    await run("alter table shop.orders owner to provider");
    const found = await contentForMaster();
    expect(ordersIn(found)).toEqual({
      ...{ table: "shop.orders", rows: 0, problems: [] },
      unread: { because: "permission denied for table orders", isOfExtension: false },
    });
    expect(found.tables.map(({ table }) => table)).toContain("shop.totals");
    expect(found.indexes).toBe(2);
  });

  it("hinders nothing that was set for all of its sessions", async () => {
    await run("alter role odoo set default_transaction_read_only = on");
    await run("alter role odoo set search_path = shop");
    expect(ordersIn(await contentForMaster())).toMatchObject({ rows: ROWS, problems: [] });
  });

  it("hinders nothing where the checker lies in a schema of its own", async () => {
    await run("create schema if not exists tools");
    await run("grant usage on schema tools to public");
    await run("alter extension amcheck set schema tools");
    expect(ordersIn(await contentForMaster())).toMatchObject({ rows: ROWS, problems: [] });
  });
});

it("renews a checker of before an upgrade, which knows no tables", async () => {
  await run("drop extension amcheck");
  await run("create extension amcheck version '1.2'");
  const { tables } = await content(session, {}, new FakeClock(NOON));
  expect(tables.find(({ table }) => table === "shop.orders")).toMatchObject({ rows: ROWS });
});

describe("the sum of a table's rows", () => {
  const sumOf = async (looks = 1000) => {
    const found: Content[] = [];
    let from: ContentCursor | undefined;
    do {
      const part: Content = await content(
        session,
        { ...(from && { from }), sums: true },
        new Hasty(looks),
      );
      found.push(part);
      from = part.next;
    } while (from);
    return found.flatMap(({ tables }) => tables).find(({ table }) => table === "shop.orders")?.sum;
  };
  beforeEach(() => run("alter table shop.orders add column long text"));

  it("is the same for the same rows, in whatever order and pieces they are read", async () => {
    await run("update shop.orders set long = repeat(md5(id::text), 300) where id < 40");
    const sum = await sumOf();
    expect(sum).toMatch(/^-?\d+$/);
    await run("create table shop.again as select * from shop.orders order by id desc");
    await run("truncate shop.orders");
    await run("insert into shop.orders select * from shop.again");
    expect(await sumOf()).toBe(sum);
    expect(await sumOf(3)).toBe(sum);
  });

  it.each([
    ["a value", "update shop.orders set note = 'y' where id = 7"],
    [
      "a byte of a long value",
      "update shop.orders set long = overlay(long placing '!' from 9000) where id = 7",
    ],
    ["a value that is null", "update shop.orders set long = null where id = 7"],
    [
      "two values that change places",
      "update shop.orders set note = long, long = note where id = 7",
    ],
    ["a row", "delete from shop.orders where id = 7"],
  ])("is another if %s differs", async (_what, change) => {
    await run("update shop.orders set long = repeat(md5(id::text), 300) where id < 40");
    const sum = await sumOf();
    await run(change);
    expect(await sumOf()).not.toBe(sum);
  });

  it("is not given where nobody asks, nor of a table that is damaged", async () => {
    const [whole] = await parts(1000);
    expect(whole?.tables.flatMap(({ sum }) => sum ?? [])).toEqual([]);
    const broken: Session = {
      query: async (text, values) => {
        if (!text.includes("hashtextextended")) return session.query(text, values);
        throw Object.assign(new Error("unexpected chunk number"), { code: "XX001" });
      },
    };
    const { tables } = await content(broken, { sums: true }, new FakeClock(NOON));
    const orders = tables.find(({ table }) => table === "shop.orders");
    expect(orders).toMatchObject({ rows: ROWS, problems: ["unexpected chunk number"] });
    expect(orders).not.toHaveProperty("sum");
  });
});

describe("figures of a primary", () => {
  it("estimate how many rows there are at least, by what was analyzed", async () => {
    await run("analyze shop.orders");
    const { rows } = await figures(session);
    expect(rows["shop.orders"]).toBe(ROWS);
    expect(rows).not.toHaveProperty('shop."Odd name"');
    await run(
      `insert into shop.orders select n + ${ROWS}, repeat('x', 50) from generate_series(1, ${ROWS}) n`,
    );
    const more = await figures(session);
    expect(more.rows["shop.orders"]).toBeGreaterThan(0.9 * ROWS);
    expect(more.rows["shop.orders"]).toBeLessThan(2.1 * ROWS);
  });

  it("expect no rows that were deleted since, whose blocks are still there", async () => {
    await run("analyze shop.orders");
    await run("delete from shop.orders where id > 100");
    const { rows } = await figures(session);
    expect(rows["shop.orders"]).toBeLessThanOrEqual(100);
  });

  const changes = [
    "alter table shop.orders add column more int",
    "alter table shop.orders alter column note set not null",
    "alter table shop.orders alter column note type varchar(99)",
    "create index on shop.orders (note)",
    "alter table shop.orders add check (id > 0)",
    "create table shop.more (id int)",
    'drop table shop."Odd name"',
    "create view shop.seen as select * from shop.orders",
  ];
  it.each(changes)("have another digest after: %s", async (change) => {
    const before = await figures(session);
    expect((await figures(session)).schema).toBe(before.schema);
    await run(change);
    expect((await figures(session)).schema).not.toBe(before.schema);
  });

  it("have the same digest whatever the rows, the order of making and the search path", async () => {
    const before = await figures(session);
    await run("delete from shop.orders where id > 5");
    await run("drop materialized view shop.totals");
    await run("create materialized view shop.totals as select count(*) from shop.orders");
    await run("alter role odoo set search_path = shop");
    await run("create temporary table passing (id int)");
    expect((await figures(session)).schema).toBe(before.schema);
  });
});
