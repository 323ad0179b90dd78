import type { DumpedEngine } from "../../lib/sla/dump-formats.ts";
import { failed } from "./receipt.ts";

/** What whoever has read a dump to its end says is in it. */
export interface Contents {
  readonly entries: number;
  readonly server: string;
  readonly dumpedBy: string;
  /** As SQL quotes them, with their databases; absent where the format does not tell them so. */
  readonly tables?: ReadonlySet<string>;
  /** Of a customer. */
  readonly databases?: readonly string[];
  /** Tables of engines without transactions. */
  readonly untransacted?: readonly string[];
}

/** @throws SlaError FreezeFailed if nothing is in it, or it does not go to its end */
export const parseContents = (engine: DumpedEngine, text: string): Contents =>
  engine === "postgres" ? archiveContents(text) : sqlContents(text);

/** As `pg_restore --list` prints it. */
function archiveContents(text: string): Contents {
  const lines = text.split("\n");
  const entries = lines.filter((line) => /^\d+;/.test(line)).length;
  if (entries === 0) return failed("pg_restore --list finds nothing in the dump");
  const said = (name: string) =>
    lines.map((line) => line.split(`${name}: `)[1]).find((value) => value !== undefined) ?? UNKNOWN;
  return {
    entries,
    server: said("Dumped from database version"),
    dumpedBy: said("Dumped by pg_dump version"),
  };
}

const UNKNOWN = "unknown";
const ENTRY =
  /^-- (?<kind>Table|Final view|Sequence) structure for (?:table |view )?(?<name>`.+`)$/;
const DATABASE = /^-- Current Database: (?<name>`.+`)$/;
const UNTRANSACTED = /^-- Without transactions: (?<name>`.+`) \(.+\)$/;
const COMPLETED = /^-- Dump completed/;
const SERVER = /^-- Server version\s+(?<name>\S+)/;
/** `10.19  Distrib 10.11.19-MariaDB, for …`, of later ones `10.19-11.8.2-MariaDB, for …`. */
const DUMPER = /^-- (?:MariaDB|MySQL) dump \S+?(?:-|\s+Distrib )(?<name>[^\s,]+),/;

/** What ours are in, beside those of customers. */
const OURS = "`hosting_sla`";

/** Comments of the dump itself, in its order; what its server said of it is behind them. */
function sqlContents(text: string): Contents {
  const lines = text.split("\n");
  const named = (pattern: RegExp) =>
    lines.flatMap((line) => pattern.exec(line)?.groups?.["name"] ?? []);
  if (!lines.some((line) => COMPLETED.test(line))) {
    return failed("the dump does not end with 'Dump completed'");
  }
  const found = entriesIn(lines);
  if (found.length === 0) return failed("there is no table in the dump");
  const databases = [...new Set(named(DATABASE))];
  const customers = databases.filter((name) => name !== OURS);
  const untransacted = named(UNTRANSACTED);
  return {
    entries: found.length,
    server: named(SERVER)[0] ?? UNKNOWN,
    dumpedBy: named(DUMPER)[0] ?? UNKNOWN,
    tables: new Set(found.flatMap(({ kind, name }) => (kind === "Table" ? [name] : []))),
    databases: (customers.length > 0 ? customers : databases).map(plain),
    ...(untransacted.length > 0 && { untransacted }),
  };
}

/** Each below the database that was named last. */
function entriesIn(lines: readonly string[]) {
  let database = "";
  return lines.flatMap((line) => {
    database = DATABASE.exec(line)?.groups?.["name"] ?? database;
    const { kind, name } = ENTRY.exec(line)?.groups ?? {};
    return name === undefined ? [] : [{ kind, name: `${database}.${name}` }];
  });
}

const plain = (quoted: string) => quoted.slice(1, -1).replaceAll("``", "`");
