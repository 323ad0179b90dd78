import { isBeyond, logBetween } from "../../../lib/sla/log-position.ts";
import type { Reading } from "../contract.ts";
import type { Dialect } from "./dialect.ts";

/** A row of the status of a replica, by the names of its server. */
export type ReplicaRow = Readonly<Record<string, unknown>>;

/**
 * How far a replica is, in the log of its primary: both names of files and positions in them are those of the primary, so
 * they compare with what that says of itself, with transactions numbered or not.
 */
export function positionsIn(
  row: ReplicaRow,
  { columns }: Dialect,
): Pick<Reading, "receivedLsn" | "replayedLsn" | "undrainedBytes" | "streaming"> {
  const received = positionOf(row[columns.receivedFile], row[columns.received]);
  const applied = positionOf(row[columns.appliedFile], row[columns.applied]);
  const undrained = undrainedBytes(received, applied, Number(row[columns.unappliedLog]));
  return {
    ...(received !== undefined && { receivedLsn: received }),
    ...(applied !== undefined && { replayedLsn: applied }),
    ...(undrained !== undefined && { undrainedBytes: undrained }),
    streaming: row[columns.fetches] === "Yes",
  };
}

/**
 * Whether a server follows another. Of whoever is open to writes and neither fetches nor applies, the row is left from earlier: RDS was fed by
 * another server once, or has promoted it and not forgotten.
 */
export const follows = (row: ReplicaRow, isClosed: boolean, { columns }: Dialect): boolean =>
  isClosed || [columns.fetches, columns.applies].some((column) => row[column] !== "No");

/** `mysql-bin-changelog.000012:3456`; undefined before a replica has reached its primary for the first time. */
export function positionOf(file: unknown, byte: unknown): string | undefined {
  return typeof file === "string" && file !== "" && byte !== null && byte !== undefined
    ? `${file}:${byte}`
    : undefined;
}

/** Where the two are in different files, all the log that lies there: so much at most. */
function undrainedBytes(
  received: string | undefined,
  applied: string | undefined,
  logSpace: number,
): number | undefined {
  if (received === undefined) return undefined;
  if (!isBeyond(received, applied)) return applied === undefined ? logSpace : 0;
  return logBetween(applied, received) ?? logSpace;
}
