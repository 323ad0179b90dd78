import type { Divergence } from "../sql/contract.ts";
import type { FenceDebt } from "./debt.ts";

/** Tables that a mail names. */
const NAMED = 5;

export const rowsIn = ({ tables }: Divergence): number =>
  tables.reduce((sum, { count }) => sum + count, 0);

/** @param place where they are kept */
export function rowWords(found: Divergence, place: string): string {
  const rows = rowsIn(found);
  if (rows === 0) return "none found";
  const { tables } = found;
  const named = tables.slice(0, NAMED).map(({ table, count }) => `${table} ${count}`);
  const where = [...named, ...(tables.length > NAMED ? ["…"] : [])].join(", ");
  return `${rows} (${where}), kept in ${place}`;
}

export function unreadWords({ unread }: Divergence): string {
  const [first, ...more] = unread;
  if (!first) return "nothing";
  const all = more.length > 0 ? `${more.length + 1} tables, ${first.table}` : first.table;
  return `${all} because of ${first.because}`;
}

/** Rows that were deleted leave nothing to find: only how many the server has counted, rolled back ones and ours too. */
export function changeWords({ changedAtMost, counted }: FenceDebt): string {
  if (!changedAtMost || !counted) return "how many were deleted there nobody can say";
  const { deleted, updated } = changedAtMost;
  return `at most ${deleted} rows deleted and ${updated} updated there since ${counted.at}`;
}
