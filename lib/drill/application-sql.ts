import { type MysqlEngine, prepareStatements } from "../../functions/sql/mysql/prepare.sql.ts";
import { PREPARE_SQL } from "../../functions/sql/prepare.sql.ts";
import type { Engine } from "../sla/engine.ts";

export const APPLICATION_USER = "app";

/** Without it no page of the demo application is good. */
export const PAGE_TABLE = "visits";

/** Where its clients write, and what of it is there. */
export const ROWS_PRESENT = "select id from drill_rows";

/** What the provider's own hands tell a server, each statement by itself. */
interface ProviderWords {
  /** Whom RDS makes the master. */
  readonly master: string;
  /** The demo application's user, its tables and those of the drill's writers. */
  application(password: string): readonly string[];
  /** As `sla adopt` does it, with the customer's word that rows may be looked for. */
  prepare(password: string): readonly string[];
  /** Seconds since the newest heartbeat that a server shows, as `behind`. */
  readonly behind: string;
}

const POSTGRES_MASTER = "postgres";
/** As on RDS, what the master user has made is its own: restored somewhere, it may change it again. */
const asMaster = (text: string) => `set role ${POSTGRES_MASTER};\n${text}`;

const POSTGRES: ProviderWords = {
  master: POSTGRES_MASTER,
  application: (password) => [
    asMaster(`
      create role ${APPLICATION_USER} login password '${password}';
      create table ${PAGE_TABLE} (site text primary key, visits bigint not null);
      create table drill_rows (id bigint primary key, at timestamptz not null default clock_timestamp());
      grant select, insert, update on ${PAGE_TABLE}, drill_rows to ${APPLICATION_USER};`),
    // Tests make tables by other hands; here it is to look around with psql.
    `grant pg_read_all_data to ${POSTGRES_MASTER}`,
  ],
  prepare: (password) => [
    asMaster(PREPARE_SQL),
    // Without the customer's word there would be nothing to find rows with.
    "grant pg_read_all_data to sla",
    `alter role sla password '${password}'`,
  ],
  behind: `select extract(epoch from clock_timestamp() - at)::float8 as behind
    from hosting_sla.heartbeat`,
};

const mysqlWords = (engine: MysqlEngine): ProviderWords => ({
  master: "admin",
  application: (password) => [
    `create user '${APPLICATION_USER}'@'%' identified by '${password}'`,
    `create table ${PAGE_TABLE} (site varchar(64) primary key, visits bigint not null)`,
    "create table drill_rows (id bigint primary key, at timestamp(6) not null default current_timestamp(6))",
    ...[PAGE_TABLE, "drill_rows"].map(
      (table) => `grant select, insert, update on ${table} to '${APPLICATION_USER}'@'%'`,
    ),
  ],
  prepare: (password) => prepareStatements(engine, { username: "sla", password }),
  behind: `select timestampdiff(microsecond, at, utc_timestamp(6)) / 1000000 as behind
    from hosting_sla.heartbeat`,
});

const WORDS: Readonly<Record<Engine, ProviderWords>> = {
  postgres: POSTGRES,
  "aurora-postgresql": POSTGRES,
  "postgres-cluster": POSTGRES,
  mariadb: mysqlWords("mariadb"),
  mysql: mysqlWords("mysql"),
  "aurora-mysql": mysqlWords("mysql"),
};

export const providerWords = (engine: Engine = "postgres"): ProviderWords => WORDS[engine];
