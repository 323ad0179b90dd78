import type { Reading, Storage } from "../contract.ts";
import { latestBeat } from "../operations.ts";
import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import { READ, STORAGE } from "./statements.ts";

/** Milliseconds: two beats of the slowest watch that clusters may have. */
const FOLLOWS_WITHIN = 120_000;

interface ReadRow {
  readonly now: Date;
  readonly inRecovery: boolean;
  readonly sessions: number;
}

/** Without positions. What lies in its storage is applied: a secondary cluster never has anything left to replay. */
export async function read(session: Session): Promise<Reading> {
  const { now, inRecovery, sessions } = only(await session.query<ReadRow>(READ));
  const beat = await latestBeat(session);
  const ageMs = beat && now.getTime() - Date.parse(beat.at);
  return {
    ...(beat && { beat }),
    ...{ now: now.toISOString(), inRecovery, sessions },
    ...(inRecovery && { undrainedBytes: 0 }),
    streaming: inRecovery && ageMs !== undefined && ageMs < FOLLOWS_WITHIN,
  };
}

export async function storage(session: Session): Promise<Storage> {
  return only(await session.query<Storage>(STORAGE));
}
