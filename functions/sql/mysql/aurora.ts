import type { Reading, Storage } from "../contract.ts";
import { followingByHeartbeat } from "../following.ts";
import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import { isOn, latestBeat } from "./operations.ts";
import { AURORA_STATE, TABLE_BYTES } from "./statements.ts";

interface StateRow {
  readonly now: string;
  readonly isClosed: number | string;
  readonly sessions: number | string;
}

/** Without positions, as of Aurora PostgreSQL: its followers fetch no binary log, which may be off. */
export async function read(session: Session): Promise<Reading> {
  const { now, isClosed, sessions } = only(await session.query<StateRow>(AURORA_STATE));
  const state = { now: new Date(now), inRecovery: isOn(isClosed) };
  return followingByHeartbeat({ ...state, sessions: Number(sessions) }, await latestBeat(session));
}

/** Its storage grows by itself. */
export async function storage(session: Session): Promise<Storage> {
  const { bytes } = only(await session.query<{ bytes: number | string }>(TABLE_BYTES));
  return {
    ...{ databaseBytes: Number(bytes), retainedBytes: 0, keptFor: "nobody" },
    ...{ replicaSlots: 0, isFetched: false },
  };
}
