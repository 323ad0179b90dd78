import type { Content, ContentTable, Figures } from "../sql/contract.ts";
import type { TestCheck } from "./contract.ts";
import type { Elsewhere } from "./elsewhere.ts";

/** What a restore showed, and what is known of the database at the time of the backup. */
export interface Shown {
  readonly parts: readonly Content[];
  /** ISO 8601: instant of the backup's data. */
  readonly takenAt: string;
  /** Of the primary shortly before; absent if nobody could ask it. */
  readonly figures?: Figures;
  /** The same backup, proven in another place; absent: it was proven nowhere else. */
  readonly elsewhere?: Elsewhere;
  /** How far the heartbeat in it may lie before that instant, and behind, in ms. */
  readonly beatMs: number;
  readonly skewMs: number;
}

/** A table that lost at most so many rows may have lost them to its owner. */
const FEW_ROWS = 1000;
/** Of the rows that were estimated, those that are there at least. */
const LEAST_SHARE = 0.5;
/** Of all rows together: estimates of many tables err in both directions. */
const LEAST_OF_ALL = 0.75;
/** A table that had more than so many has some. */
const EMPTIED_ROWS = 100;
/** So many are named in a check. */
const NAMED = 3;

/** Everything that has to hold before a backup may be called proven. */
export const prove = (shown: Shown): readonly TestCheck[] => [
  heartbeat(shown),
  damage(shown),
  schema(shown),
  rows(shown),
  access(shown),
  ...(shown.elsewhere ? [sameAs(shown, shown.elsewhere)] : []),
];

export const tablesOf = (parts: readonly Content[]): readonly ContentTable[] =>
  parts.flatMap(({ tables }) => tables);

function heartbeat({ parts, takenAt, beatMs, skewMs }: Shown): TestCheck {
  const name = "its heartbeat is of the time of the backup";
  const at = parts[0]?.head?.beat?.at;
  if (at === undefined) return { name, ok: false, found: "there is none in it" };
  const ageMs = Date.parse(takenAt) - Date.parse(at);
  const seconds = Math.round(ageMs / 1000);
  const found = seconds >= 0 ? `${seconds} s before it` : `${-seconds} s behind it`;
  return { name, ok: ageMs <= beatMs && ageMs >= -skewMs, found };
}

function damage({ parts }: Shown): TestCheck {
  const broken = tablesOf(parts).filter(({ problems }) => problems.length > 0);
  const indexes = parts.reduce((sum, part) => sum + part.indexes, 0);
  const unchecked = parts.flatMap((part) => part.unchecked);
  const looked = `${tablesOf(parts).length} tables read, ${indexes} indexes checked`;
  const left = unchecked.length === 0 ? "" : `, ${unchecked.length} indexes too large for it`;
  const named = broken.map(({ table, problems }) => `${table}: ${problems[0]}`);
  return {
    name: "no table and no index is damaged",
    ok: broken.length === 0,
    found: broken.length === 0 ? `${looked}${left}` : some(named),
  };
}

function schema({ parts, figures }: Shown): TestCheck {
  const name = "its tables, columns, indexes and constraints are those of the primary";
  if (!figures) return { name, ok: true, found: UNKNOWN };
  const same = parts[0]?.head?.schema === figures.schema;
  return { name, ok: same, found: same ? "the same" : "not those of the primary at that time" };
}

function rows({ parts, figures }: Shown): TestCheck {
  const name = "no table has lost its rows";
  if (!figures) return { name, ok: true, found: UNKNOWN };
  const there = new Map(tablesOf(parts).map((each) => [each.table, each.rows]));
  const unread = new Set(unreadOf(parts).map(({ table }) => table));
  const estimates = Object.entries(figures.rows).filter(([table]) => !unread.has(table));
  const pairs = estimates.map(([table, expected]) => ({
    ...{ table, expected },
    found: there.get(table) ?? 0,
  }));
  const whole = {
    table: "all tables together",
    expected: pairs.reduce((sum, { expected }) => sum + expected, 0),
    found: pairs.reduce((sum, { found }) => sum + found, 0),
  };
  const emptied = ({ found, expected }: Counted) => found === 0 && expected > EMPTIED_ROWS;
  const short = [
    ...pairs.filter((each) => isShort(each, LEAST_SHARE) || emptied(each)),
    ...(isShort(whole, LEAST_OF_ALL) ? [whole] : []),
  ];
  const named = short.map(({ table, found, expected }) => `${table}: ${found} of ${expected}`);
  const all = [...there.values()].reduce((sum, count) => sum + count, 0);
  const compared = `${all} rows, ${estimates.length} of ${there.size} tables compared`;
  return { name, ok: short.length === 0, found: short.length === 0 ? compared : some(named) };
}

interface Counted {
  readonly found: number;
  readonly expected: number;
}

const isShort = ({ found, expected }: Counted, leastShare: number) =>
  found < expected * leastShare && expected - found > FEW_ROWS;

/** Restores of one backup hold the same rows, to the last byte, wherever they are made. */
function sameAs({ parts }: Shown, { region, parts: others }: Elsewhere): TestCheck {
  const name = `its rows are those of the same backup in ${region}`;
  const there = new Map(tablesOf(others).map((each) => [each.table, each]));
  const here = tablesOf(parts);
  const missing = [...there.keys()].filter((table) => !here.some((each) => each.table === table));
  const differing = here.flatMap((own) => {
    const other = there.get(own.table);
    const how = other ? differs(own, other) : "not there";
    return how === undefined ? [] : [`${own.table}: ${how}`];
  });
  const wrong = [...differing, ...missing.map((table) => `${table}: only there`)];
  const summed = here.filter(({ table, sum }) => sum !== undefined && there.get(table)?.sum);
  const found = `${summed.length} of ${here.length} tables compared value by value`;
  return { name, ok: wrong.length === 0, found: wrong.length === 0 ? found : some(wrong) };
}

function differs(own: ContentTable, other: ContentTable): string | undefined {
  if (own.unread || other.unread) return undefined;
  if (own.rows !== other.rows) return `${own.rows} rows, there ${other.rows}`;
  if (own.sum === undefined || other.sum === undefined || own.sum === other.sum) return undefined;
  return "the same number of rows with other values";
}

/** Rows that nobody can count prove nothing; those of an extension are RDS's own, and only told. */
function access({ parts }: Shown): TestCheck {
  const unread = unreadOf(parts);
  const named = unread.map(({ table, unread: { because } }) => `${table}: ${because}`);
  return {
    name: "the rows of every table can be counted",
    ok: unread.every((each) => each.unread.isOfExtension),
    found: `${unread.length === 0 ? "all of them" : some(named)}${unlooked(parts)}`,
  };
}

const unlooked = (parts: readonly Content[]) => {
  const { others = [] } = parts[0]?.head ?? {};
  return others.length === 0 ? "" : `; not of other databases on its server: ${some(others)}`;
};

const unreadOf = (parts: readonly Content[]) =>
  tablesOf(parts).flatMap(({ table, unread }) => (unread ? [{ table, unread }] : []));

const UNKNOWN = "not compared: nobody could ask the primary at that time";

const some = (all: readonly string[]) =>
  all.length <= NAMED
    ? all.join("; ")
    : `${all.slice(0, NAMED).join("; ")}; and ${all.length - NAMED} more`;
