import type { Clock } from "../../kernel/clock.ts";
import type { Beat, ProofWrite, Reading, Severed, SqlRequest, Storage } from "../contract.ts";
import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import { severed } from "../sever.ts";
import { type BinaryLog, bytesBeyond } from "./binary-logs.ts";
import type { Dialect } from "./dialect.ts";
import { ERRORS } from "./errors.ts";
import { follows, positionOf, positionsIn, type ReplicaRow } from "./replica.ts";
import {
  BEAT,
  BINARY_LOGS,
  CLIENT_IDS,
  END_SESSION,
  FETCHERS,
  PROVE,
  PROVED,
  READ_BEAT,
  STATE,
} from "./statements.ts";
import { type Held, numberedIn } from "./transactions.ts";

export async function beat(session: Session): Promise<Beat> {
  await session.query(BEAT);
  return beatIn(only(await session.query<BeatRow>(READ_BEAT)));
}

/** Answers on any server that lets us in; `beat` is absent where no heartbeat was ever written. */
export async function read(session: Session, dialect: Dialect): Promise<Reading> {
  const state = only(await session.query<StateRow>(STATE));
  const isClosed = isOn(state.isClosed);
  const [row] = await session.query<ReplicaRow>(dialect.replica);
  const replica = row && follows(row, isClosed, dialect) ? row : undefined;
  const beatNow = await latestBeat(session);
  const positions = replica
    ? positionsIn(replica, dialect)
    : { ...(await ownPosition(session, dialect)), streaming: false };
  const horizon = numberedIn(
    only(await session.query<Held>(replica ? dialect.applied : dialect.written)),
  );
  return {
    ...(beatNow && { beat: beatNow }),
    now: isoOf(state.now),
    // Until it is promoted a replica is one, whoever has opened it to writes; whatever is closed serves nobody.
    inRecovery: replica !== undefined || isClosed,
    ...positions,
    sessions: Number(state.sessions),
    ...(horizon !== "" && { horizon }),
  };
}

/**
 * Which log is kept for whom these servers do not say: it is what the standby has not applied. What is kept beside it (RDS's `binlog
 * retention hours`) counts as data.
 */
export async function storage(
  session: Session,
  dialect: Dialect,
  applied: string | undefined,
): Promise<Storage> {
  const { bytes } = only(await session.query<{ bytes: number | string }>(dialect.size));
  const { fetchers } = only(await session.query<{ fetchers: number | string }>(FETCHERS));
  const logs = await session.query<BinaryLog>(BINARY_LOGS).catch(noneIf(ERRORS.noBinaryLog));
  const logBytes = logs.reduce((sum, { File_size }) => sum + Number(File_size), 0);
  const retainedBytes = bytesBeyond(logs, applied);
  return {
    ...{ databaseBytes: Number(bytes) + logBytes - retainedBytes, retainedBytes },
    ...{ keptFor: retainedBytes > 0 ? "replica" : "nobody", replicaSlots: 0 },
    isFetched: Number(fetchers) > 0,
  };
}

export function sever(session: Session, clock: Clock): Promise<Severed> {
  return severed(clock, async () => {
    const listed: { id: number; ended: boolean }[] = [];
    for (const { id } of await session.query<{ id: number | string }>(CLIENT_IDS)) {
      listed.push({ id: Number(id), ended: await isEnded(session, Number(id)) });
    }
    return listed;
  });
}

/** One that has gone meanwhile is ended as well; one that the server keeps from us is left, and counted. */
async function isEnded(session: Session, id: number): Promise<boolean> {
  try {
    await session.query(END_SESSION, [id]);
    return true;
  } catch (cause) {
    const { code = "" } = cause as { code?: string };
    if (!/^\d+$/.test(code) || code === ERRORS.executeDenied) throw cause;
    return code === ERRORS.noSuchThread;
  }
}

/** A committed write; a server that is closed to them rejects it. */
export async function prove(
  session: Session,
  { execution, epoch }: SqlRequest & { readonly operation: "prove" },
): Promise<ProofWrite> {
  await session.query(PROVE, [execution, epoch]);
  const { at } = only(await session.query<{ at: string }>(PROVED, [execution]));
  return { at: isoOf(at), inRecovery: false };
}

interface BeatRow {
  readonly at: string;
  readonly sequence: number | string;
}

interface StateRow {
  readonly now: string;
  readonly isClosed: number | string;
  readonly sessions: number | string;
}

/** Servers that know more than two ways of being closed say them by name. */
export const isOn = (value: number | string): boolean => !/^(0|OFF)$/i.test(String(value));

const isoOf = (text: string) => new Date(text).toISOString();

const beatIn = ({ at, sequence }: BeatRow): Beat => ({ at: isoOf(at), sequence: Number(sequence) });

/** Who may nothing in a database is not told whether it is there. */
const NOT_PREPARED = noneIf(ERRORS.noSuchTable, ERRORS.unknownDatabase, ERRORS.tableDenied);

export async function latestBeat(session: Session): Promise<Beat | undefined> {
  const [row] = await session.query<BeatRow>(READ_BEAT).catch(NOT_PREPARED);
  return row && beatIn(row);
}

async function ownPosition(session: Session, { ownLog }: Dialect) {
  for (const statement of ownLog) {
    const rows = await session.query<ReplicaRow>(statement).catch(unlessParsed);
    if (!rows) continue;
    const position = positionOf(rows[0]?.["File"], rows[0]?.["Position"]);
    return position === undefined ? {} : { receivedLsn: position };
  }
  return {};
}

function noneIf(...codes: readonly string[]) {
  return (cause: unknown): readonly never[] => {
    if (!codes.includes((cause as { code?: string }).code ?? "")) throw cause;
    return [];
  };
}

function unlessParsed(cause: unknown): undefined {
  if ((cause as { code?: string }).code !== ERRORS.notUnderstood) throw cause;
}
