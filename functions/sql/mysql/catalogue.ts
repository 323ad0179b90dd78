import { createHash } from "node:crypto";
import { SERVER_SCHEMAS } from "../contract.ts";
import type { Session } from "../server.ts";

/** Schemas of customers and of ours; the others are the server's own, or RDS's. */
const PERMANENT = `table_schema not in (${SERVER_SCHEMAS.map((name) => `'${name}'`).join(", ")})`;

/** Of every session that reads a catalogue or rows: what is said must not depend on what a server has set for all of them. */
export const SETTINGS = ["set session time_zone = '+00:00'", "set session sql_mode = ''"] as const;

/** With rows of their own, of MariaDB also those that keep their past; sequences and views have none. */
const WITH_ROWS = "table_type in ('BASE TABLE', 'SYSTEM VERSIONED')";

/** Names in one order, whatever collation a catalogue has. */
const byName = (one: { readonly table: string }, other: { readonly table: string }) =>
  one.table < other.table ? -1 : 1;

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  /** Quoted as SQL needs it, with its schema. */
  readonly table: string;
  /** As its engine estimates them, half too many or too few. */
  readonly rows: number;
  readonly bytes: number;
  readonly rowBytes: number;
}

export async function tablesOf(session: Session): Promise<readonly CatalogueTable[]> {
  const found = await session.query<Record<"schema" | "name", string> & Record<string, unknown>>(`
    select table_schema as \`schema\`, table_name as name, table_rows as estimate,
      data_length + index_length as bytes, avg_row_length as average
    from information_schema.tables where ${WITH_ROWS} and ${PERMANENT}`);
  return found
    .map(({ schema, name, estimate, bytes, average }) => ({
      ...{ schema, name, table: `${identifier(schema)}.${identifier(name)}` },
      ...{ rows: Number(estimate ?? 0), bytes: Number(bytes ?? 0), rowBytes: Number(average ?? 0) },
    }))
    .toSorted(byName);
}

export const identifier = (name: string) => `\`${name.replaceAll("`", "``")}\``;

/** One line each; of views nothing, which have no rows. */
const DEFINITIONS = [
  `select table_schema as \`schema\`, table_name as name, concat_ws(' ', 'column', column_name, column_type,
     is_nullable, quote(column_default), extra, collation_name) as line
   from information_schema.columns where ${PERMANENT}`,
  `select table_schema as \`schema\`, table_name as name, concat_ws(' ', 'index', index_name, seq_in_index,
     column_name, non_unique, ifnull(sub_part, '-'), index_type) as line
   from information_schema.statistics where ${PERMANENT}`,
  `select table_schema as \`schema\`, table_name as name, concat_ws(' ', 'key', constraint_name, ordinal_position,
     column_name, referenced_table_schema, referenced_table_name, referenced_column_name) as line
   from information_schema.key_column_usage where ${PERMANENT}`,
  `select constraint_schema as \`schema\`, table_name as name, concat_ws(' ', 'rule', constraint_name,
     update_rule, delete_rule) as line
   from information_schema.referential_constraints
   where ${PERMANENT.replace("table_schema", "constraint_schema")}`,
];

/** The same wherever the same was defined, in whatever order. */
export async function schemaOf(
  session: Session,
  tables: readonly CatalogueTable[],
): Promise<string> {
  const known = new Map(tables.map((each) => [`${each.schema}\0${each.name}`, each.table]));
  const lines: string[] = [];
  for (const statement of DEFINITIONS) {
    for (const row of await session.query<Record<"schema" | "name" | "line", string>>(statement)) {
      const table = known.get(`${row.schema}\0${row.name}`);
      if (table !== undefined) lines.push(`${table} ${row.line}`);
    }
  }
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
}
