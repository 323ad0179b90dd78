import { createHash } from "node:crypto";
import type { Engine } from "../../../lib/sla/engine.ts";
import type { Login } from "../server.ts";

/** The user that is watched with, at whatever address it comes from. */
const USER = "'sla'@'%'";

/**
 * What a MariaDB or MySQL database needs before it can be watched, apart from its user: run on the primary, as its master; the
 * replica has it by replication. Running it again changes nothing.
 */
export const TABLES = [
  "create database if not exists hosting_sla",
  `create table if not exists hosting_sla.heartbeat (
    id int primary key, at datetime(6) not null, sequence bigint not null) engine = InnoDB`,
  `create table if not exists hosting_sla.proof (
    execution varchar(512) character set ascii primary key, epoch bigint not null, at datetime(6) not null) engine = InnoDB`,
];

/** Literals are read as they are written here, whatever the server is set to. */
export const PLAIN_QUOTES = "set session sql_mode = 'STRICT_TRANS_TABLES'";

/** What its user may on the whole server. REFERENCES shows which tables there are, and none of their rows. A replica of MariaDB says nothing of itself without SLAVE MONITOR. */
const MAY = {
  mariadb: ["process", "replication client", "references", "slave monitor"],
  mysql: ["process", "replication client", "references"],
} as const satisfies Partial<Record<Engine, readonly string[]>>;

/** The same by the names that servers have for them in `show grants`. */
const NAMES: Readonly<Record<string, string>> = {
  "replication client": "BINLOG MONITOR|REPLICATION CLIENT",
  "slave monitor": "SLAVE MONITOR|REPLICA MONITOR",
};

export type MysqlEngine = keyof typeof MAY;

/** Tables, user and rights, with the password of the login; each statement by itself, none with values to send. */
export const prepareStatements = (engine: MysqlEngine, { password }: Login): readonly string[] => [
  PLAIN_QUOTES,
  ...TABLES,
  `create user if not exists ${USER} identified ${passwordWords(engine, password)} require ssl`,
  `alter user ${USER} identified ${passwordWords(engine, password)} require ssl`,
  `grant ${MAY[engine].join(", ")} on *.* to ${USER}`,
  `grant select, insert, update on hosting_sla.* to ${USER}`,
  `grant execute on procedure mysql.rds_kill to ${USER}`,
];

/** All of it away again. */
export const FORGET_STATEMENTS: readonly string[] = [
  "drop database if exists hosting_sla",
  `drop user if exists ${USER}`,
];

export const TABLES_THERE = `
  select count(*) as found from information_schema.tables
  where table_schema = 'hosting_sla' and table_name in ('heartbeat', 'proof')`;

export const TABLES_NEEDED = 2;

export const GRANTS = "show grants";

/** Whether a login may all that is asked of it, by the rows of `show grants`. */
export function mayAll(engine: MysqlEngine, grants: readonly string[]): boolean {
  const given = grants.map((text) => GRANT.exec(text)?.groups ?? {});
  const may = (on: RegExp, right: string) =>
    given.some(
      ({ what = "", where = "" }) =>
        on.test(where) && new RegExp(`(^|, )(ALL PRIVILEGES|${right})(, |$)`, "i").test(what),
    );
  return (
    MAY[engine].every((right) => may(EVERYTHING, NAMES[right] ?? right)) &&
    ["select", "insert", "update"].every((right) => may(OUR_TABLES, right)) &&
    may(OUR_PROCEDURE, "execute")
  );
}

const GRANT = /^GRANT (?<what>.+?) ON (?<where>.+?) TO /i;
const EVERYTHING = /^\*\.\*$/;
/** Names are quoted, or not, as the server is set. */
const OUR_TABLES = /^(\*|[`"]?hosting\\?_sla[`"]?)\.\*$/;
const OUR_PROCEDURE = /^(\*\.\*|PROCEDURE [`"]?mysql[`"]?\.[`"]?rds_kill[`"]?)$/i;

/** A hash keeps a password from the logs of MariaDB; MySQL leaves it out of its own by itself. */
export const passwordWords = (engine: MysqlEngine, password: string): string =>
  engine === "mariadb" ? `by password '${nativeHash(password)}'` : `by ${literal(password)}`;

const nativeHash = (password: string): string =>
  `*${sha1(sha1(Buffer.from(password, "utf8")))
    .toString("hex")
    .toUpperCase()}`;

const sha1 = (bytes: Buffer): Buffer => createHash("sha1").update(bytes).digest();

export const literal = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
