import type { Clock } from "../kernel/clock.ts";
import type { Beat, ProofWrite, Reading, Severed, SqlRequest, Storage } from "./contract.ts";
import { only } from "./rows.ts";
import type { Session } from "./server.ts";
import { severed } from "./sever.ts";
import { BEAT, END_SESSIONS, PROVE, READ, READ_BEAT, STORAGE } from "./statements.ts";

export async function beat(session: Session): Promise<Beat> {
  return beatIn(only(await session.query<BeatRow>(BEAT)));
}

/** Answers on any server that lets us in; `beat` is absent where no heartbeat was ever written. */
export async function read(session: Session): Promise<Reading> {
  const row = only(await session.query<ReadRow>(READ));
  const latest = await latestBeat(session);
  return {
    ...(latest && { beat: latest }),
    now: row.now.toISOString(),
    inRecovery: row.inRecovery,
    ...(row.receivedLsn !== null && { receivedLsn: row.receivedLsn }),
    ...(row.replayedLsn !== null && { replayedLsn: row.replayedLsn }),
    ...(row.undrainedBytes !== null && { undrainedBytes: row.undrainedBytes }),
    streaming: row.streaming,
    sessions: row.sessions,
    horizon: row.horizon,
  };
}

/** Of a standby it says that it keeps no log for anybody. */
export async function storage(session: Session): Promise<Storage> {
  return only(await session.query<Storage>(STORAGE));
}

export function sever(session: Session, clock: Clock): Promise<Severed> {
  return severed(clock, () => session.query<{ id: number; ended: boolean }>(END_SESSIONS));
}

/** A committed write; a server in recovery, or made read-only, rejects it with 25006. */
export async function prove(
  session: Session,
  { execution, epoch }: SqlRequest & { readonly operation: "prove" },
): Promise<ProofWrite> {
  const row = only(await session.query<{ at: Date }>(PROVE, [execution, epoch]));
  return { at: row.at.toISOString(), inRecovery: false };
}

interface BeatRow {
  readonly at: Date;
  readonly sequence: number;
}

interface ReadRow {
  readonly now: Date;
  readonly inRecovery: boolean;
  readonly receivedLsn: string | null;
  readonly replayedLsn: string | null;
  readonly undrainedBytes: number | null;
  readonly streaming: boolean;
  readonly sessions: number;
  readonly horizon: string;
}

const beatIn = ({ at, sequence }: BeatRow): Beat => ({ at: at.toISOString(), sequence });

/** 42P01: no such table, 3F000: no such schema. A database nobody prepared still says all the rest. */
const NOT_PREPARED = new Set(["42P01", "3F000"]);

export async function latestBeat(session: Session): Promise<Beat | undefined> {
  try {
    const [row] = await session.query<BeatRow>(READ_BEAT);
    return row && beatIn(row);
  } catch (cause) {
    if (NOT_PREPARED.has((cause as { code?: string }).code ?? "")) return undefined;
    throw cause;
  }
}
