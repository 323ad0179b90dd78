import { CreateDBInstanceCommand } from "@aws-sdk/client-rds";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Content, ContentCursor } from "../../../../functions/sql/contract.ts";
import { adopt } from "../../../../functions/sql/mysql/adopt.ts";
import { tablesOf } from "../../../../functions/sql/mysql/catalogue.ts";
import { content } from "../../../../functions/sql/mysql/content.ts";
import { MARIADB } from "../../../../functions/sql/mysql/dialect.ts";
import { figures } from "../../../../functions/sql/mysql/figures.ts";
import { readRows } from "../../../../functions/sql/mysql/read-rows.ts";
import type { Session } from "../../../../functions/sql/server.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../../lib/local-cloud/mariadb/binaries.ts";
import { FakeClock } from "../../../fakes/clock.ts";
import { type Cloud, HOME, PASSWORD, startCloud } from "../../../local-cloud/rds/cloud.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`what a MariaDB holds: skipped, ${WITHOUT_MARIADB}`);

const NOON = "2026-11-21T12:00:00Z";
const ROWS = 5000;

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

describe.skipIf(!hasMariadb)("what a MariaDB holds", { timeout: 60_000 }, () => {
  let cloud: Cloud;
  let connection: Connection;
  let session: Session;

  beforeAll(async () => {
    cloud = await startCloud();
    await cloud.client(HOME).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "acme-db", DBInstanceClass: "db.t4g.micro" },
        ...{ AllocatedStorage: 20, Engine: "mariadb", DBName: "shop" },
        ...{ MasterUsername: "admin", MasterUserPassword: PASSWORD },
      }),
    );
    await cloud.rds.settled(HOME, "acme-db");
    connection = await connected("admin", PASSWORD);
    session = sessionOf(connection);
  }, 60_000);
  afterAll(async () => {
    await connection?.end();
    await cloud?.close();
  });
  beforeEach(async () => {
    await run("drop database if exists shop");
    await run("create database shop");
    await run("use shop");
    await run("create table shop.orders (id int primary key, note text, at datetime, key (at))");
    await run(`insert into orders select seq, repeat('x', 50), now() from seq_1_to_${ROWS}`);
    await run("create table shop.`Odd ``name` (a varchar(20), b int, primary key (a, b))");
    await run("insert into shop.`Odd ``name` values ('ä', 1), ('ä', 2), ('b', 3)");
    await run("create table shop.keyless (amount float, what blob)");
    await run("insert into shop.keyless values (1.5, x'00ff'), (null, null)");
    await run("create table shop.sizes (size enum('s', 'm', 'l') primary key)");
    await run("insert into shop.sizes values ('s'), ('m'), ('l')");
    await run("create table shop.prices (id int primary key, price int) with system versioning");
    await run("insert into shop.prices values (1, 10)");
    await run("create sequence shop.numbers");
    await run("create view shop.totals as select count(*) as many from shop.orders");
  });

  const run = (text: string) => connection.query(text);
  const connected = (user: string, password: string) => {
    const [host = ""] = [...cloud.names.values()];
    return createConnection({ host, user, password, charset: "utf8mb4", dateStrings: true });
  };
  const sessionOf = (on: Connection): Session => ({
    async query<Row>(text: string, values: readonly unknown[] = []) {
      const asked =
        values.length === 0
          ? on.query<RowDataPacket[]>(text)
          : on.execute<RowDataPacket[]>(text, [...values] as string[]);
      const [rows] = await asked.catch((cause: Error & { errno?: number }) => {
        throw Object.assign(new Error(cause.message), { code: String(cause.errno) });
      });
      return (Array.isArray(rows) ? rows : []) as Row[];
    },
  });
  async function parts(looks: number, sums = true): Promise<readonly Content[]> {
    const found: Content[] = [];
    let from: ContentCursor | undefined;
    do {
      const asked = { ...(from && { from }), ...(sums && { sums: true as const }) };
      const by = { clock: new Hasty(looks), dialect: MARIADB };
      const part: Content = await content(session, asked, by);
      found.push(part);
      from = part.next;
    } while (from);
    return found;
  }
  const tablesIn = (all: readonly Content[]) => all.flatMap(({ tables }) => tables);

  it("is every row of every table, whose structure is checked", async () => {
    const [whole, ...more] = await parts(1_000_000);
    expect(more).toEqual([]);
    expect(whole?.head).toMatchObject({
      ...{
        version: expect.stringMatching(/^10|^11/),
        schema: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(whole?.tables.map(({ table, rows, problems }) => ({ table, rows, problems }))).toEqual([
      { table: "`shop`.`Odd ``name`", rows: 3, problems: [] },
      { table: "`shop`.`keyless`", rows: 2, problems: [] },
      { table: "`shop`.`orders`", rows: ROWS, problems: [] },
      { table: "`shop`.`prices`", rows: 1, problems: [] },
      { table: "`shop`.`sizes`", rows: 3, problems: [] },
    ]);
    expect(whole?.indexes).toBe(5);
  });

  it("is the same however often it is interrupted", async () => {
    const [whole, hasty] = [await parts(1_000_000), await parts(3)];
    expect(hasty.length).toBeGreaterThan(1);
    expect(tablesIn(hasty)).toEqual(tablesIn(whole));
  });

  it.each(["orders", "named"])("is the same read in stretches: %s", async (name) => {
    await run("create table shop.named (name varchar(20), id int, primary key (name, id))");
    await run("insert into named select concat('Ä', id % 3), id from orders");
    const found = (await tablesOf(session)).find((each) => each.name === name);
    if (!found) throw new Error(`${name} is not there`);
    const asked = { from: undefined, sums: true };
    const whole = await readRows(session, { ...found, rowBytes: 1 }, asked);
    expect(whole).toMatchObject({ rows: ROWS });
    expect(whole).not.toHaveProperty("next");
    const stretches = [];
    let next: string | undefined;
    do {
      const read = await readRows(session, { ...found, rowBytes: 1e9 }, { ...asked, from: next });
      stretches.push(read);
      next = read.next;
    } while (next !== undefined);
    expect(stretches.length).toBeGreaterThan(2);
    expect(stretches.reduce((sum, { rows }) => sum + rows, 0)).toBe(ROWS);
    expect(String(stretches.reduce((sum, each) => sum + BigInt(each.sum), 0n))).toBe(whole.sum);
  });

  it("has another sum as soon as one value is another, whatever the order of its rows", async () => {
    const sumOf = async (table: string) =>
      tablesIn(await parts(1_000_000)).find((each) => each.table === table)?.sum;
    const before = await sumOf("`shop`.`orders`");
    await run("update shop.orders set note = concat('y', substr(note, 2)) where id = 77");
    expect(await sumOf("`shop`.`orders`")).not.toBe(before);
    await run("delete from shop.orders where id = 77");
    await run(
      "insert into shop.orders select 77, repeat('x', 50), at from shop.orders where id = 78",
    );
    expect(await sumOf("`shop`.`orders`")).toBe(before);
    const keyless = await sumOf("`shop`.`keyless`");
    await run("update shop.keyless set what = x'00fe' where amount = 1.5");
    expect(await sumOf("`shop`.`keyless`")).not.toBe(keyless);
  });

  it("is estimated by a login that reads no row, in the same words", async () => {
    await run("create or replace user 'sla'@'%' identified by 'beats'");
    const own = await connected("sla", "beats");
    await expect(figures(sessionOf(own), MARIADB)).rejects.toThrow(/grant references on \*\.\*/);
    await run("grant references on *.* to 'sla'@'%'");
    await run("analyze table shop.orders");
    await own.end();
    const seeing = await connected("sla", "beats");
    const estimated = await figures(sessionOf(seeing), MARIADB);
    await seeing.end();
    const [whole] = await parts(1_000_000);
    expect(estimated.schema).toBe(whole?.head?.schema);
    expect(Object.keys(estimated.rows)).toEqual(whole?.tables.map(({ table }) => table));
    expect(estimated.rows["`shop`.`orders`"]).toBeGreaterThan(ROWS / 4);
    expect(estimated.rows["`shop`.`orders`"]).toBeLessThanOrEqual(ROWS);
    await run("alter table shop.orders add column late int");
    expect((await parts(1_000_000))[0]?.head?.schema).not.toBe(estimated.schema);
  });

  it("gets the passwords of now for those logins that it knows", async () => {
    await run("create or replace user 'shop'@'%' identified by 'of its day'");
    const logins = {
      of: async (secret: string) => ({ username: secret, password: "it's \\ now" }),
    };
    const adopted = await adopt(session, {
      ...{ secrets: ["shop", "nobody"], logins, dialect: MARIADB, engine: "mariadb" },
    });
    expect(adopted).toMatchObject({
      ...{ given: ["shop"], missing: ["nobody"], horizon: expect.stringMatching(/^0-\d+-\d+$/) },
    });
    await (await connected("shop", "it's \\ now")).end();
    await expect(connected("shop", "of its day")).rejects.toThrow(/denied/);
  });
});
