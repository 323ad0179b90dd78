import { isBeyond, logBetween } from "../../../lib/sla/log-position.ts";

/** A row of `show binary logs`. */
export interface BinaryLog {
  readonly Log_name: string;
  readonly File_size: number | string;
}

/**
 * Bytes of a server's log beyond a position: RDS keeps what a replica has not applied
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Overview.Differences.html), however long that takes.
 */
export function bytesBeyond(logs: readonly BinaryLog[], position: string | undefined): number {
  return logs.reduce((sum, { Log_name, File_size }) => {
    const end = `${Log_name}:${File_size}`;
    const within = logBetween(position, end);
    if (within !== undefined) return sum + Math.max(0, within);
    return isBeyond(end, position) ? sum + Number(File_size) : sum;
  }, 0);
}
