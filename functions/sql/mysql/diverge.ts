import type { Divergence, SqlRequest } from "../contract.ts";
import type { Session } from "../server.ts";
import type { Dialect } from "./dialect.ts";

/**
 * Rows say nothing of when they were written here: transactions are counted, by their numbers. Where none is beyond the horizon no row
 * is; else every table is named as unread, with how many there are and where they lie.
 */
export async function diverge(
  session: Session,
  { horizon }: SqlRequest & { readonly operation: "diverge" },
  dialect: Dialect,
): Promise<Divergence> {
  const count = await dialect.beyond(session, horizon);
  if (count === 0) return { tables: [], unread: [] };
  const many = count === undefined ? "nobody can say how many" : `${count}`;
  const because = `${many} transactions of its binary log after ${horizon} were never seen by its successor, RDS's own among them; rows are not looked for`;
  return { tables: [], unread: [{ table: "all tables", because }] };
}
