import { connect } from "node:net";
import type { Connection, ConnectionOptions, RowDataPacket } from "mysql2/promise";
import type { Clock } from "../../kernel/clock.ts";
import type { SqlTarget } from "../contract.ts";
import { keptServers } from "../kept-servers.ts";
import type { Logins } from "../logins.ts";
import { connectMs, connectTimedOut, PATIENCE, type Patience } from "../patience.ts";
import { AnswerTimedOut, type Login, type Servers, type Session } from "../server.ts";

/** Servers of MariaDB and MySQL, which speak one protocol. */
export const mysqlServers = (
  logins: Logins,
  clock: Clock,
  patience: Patience = PATIENCE,
): Servers =>
  keptServers<Connection>(
    {
      open: async (target, login) => committing(await openMysql(target, login, { clock }), clock),
      session: (connection) => mysqlSession(connection, clock, patience),
      whenEnded: (connection, ended) => {
        connection.once("end", ended);
      },
      close: (connection) => connection.destroy(),
    },
    logins,
  );

interface Way {
  readonly clock: Clock;
  /** Where the server is reached, if not by its own name; its certificate is of that name all the same. */
  readonly through?: { readonly host: string; readonly port: number };
  /** Absent: as long as a function waits. */
  readonly connectMs?: number;
}

/** Rejects as `failureOf` reads it. */
export async function openMysql(
  target: Pick<SqlTarget, "host" | "port" | "username">,
  login: Login,
  { clock, through, connectMs: withinMs = connectMs(clock) }: Way,
): Promise<Connection> {
  const { host, port } = target;
  const at = through ?? { host, port };
  let taken = false;
  const options: ConnectionOptions = {
    ...{ host, port, user: target.username ?? login.username, password: login.password },
    // Its own check of names is off unless asked for.
    ssl: { rejectUnauthorized: true, verifyIdentity: true },
    ...{ charset: "utf8mb4", dateStrings: true, connectTimeout: withinMs },
    stream: () =>
      connect({ ...at, keepAlive: true, noDelay: true }).once("connect", () => {
        taken = true;
      }),
  };
  try {
    // Fleets of PostgreSQL alone never load it.
    const { createConnection } = await import("mysql2/promise");
    const connection = await createConnection(options);
    // A session that dies between two uses says so here; nobody awaits it.
    connection.on("error", () => undefined);
    return connection;
  } catch (cause) {
    throw connectFailure(cause, target, taken);
  }
}

/** Whoever hangs up in the middle of TLS is told like a certificate that is refused: nobody answered, though. */
const HUNG_UP_IN_TLS = /ECONNRESET|EPIPE|socket disconnected before/;

function connectFailure(
  cause: unknown,
  target: Pick<SqlTarget, "host" | "port">,
  taken: boolean,
): unknown {
  const { code, message = "" } = cause as { code?: unknown; message?: string };
  if (code === "ETIMEDOUT") return connectTimedOut(target, taken, cause);
  const hungUp = code === "HANDSHAKE_SSL_ERROR" && HUNG_UP_IN_TLS.test(message);
  return hungUp
    ? Object.assign(new Error(message, { cause }), { code: "ECONNRESET" })
    : numbered(cause);
}

/** What a server says carries its number as code: names of all of them are a third of the driver, and left out of bundles. */
function numbered(cause: unknown): unknown {
  const {
    sqlState,
    errno,
    message = "",
  } = cause as {
    sqlState?: unknown;
    errno?: unknown;
    message?: string;
  };
  if (sqlState === undefined || typeof errno !== "number") return cause;
  return Object.assign(new Error(message, { cause }), { code: String(errno) });
}

/**
 * A server may be set to commit nothing by itself: then a heartbeat is seen by nobody else, a proof write is rolled back, and both
 * hold locks for as long as the session is kept.
 */
const COMMITTING = "set session autocommit = 1";

async function committing(connection: Connection, clock: Clock): Promise<Connection> {
  try {
    await mysqlSession(connection, clock, PATIENCE).query(COMMITTING);
    return connection;
  } catch (cause) {
    connection.destroy();
    throw cause;
  }
}

export const mysqlSession = (
  connection: Connection,
  clock: Clock,
  { answerSeconds, answerFloorMs }: Patience,
): Session => ({
  async query<Row>(sql: string, values: readonly unknown[] = []) {
    const asked =
      values.length === 0
        ? connection.query<RowDataPacket[]>({ sql })
        : connection.execute<RowDataPacket[]>({ sql, values: [...values] });
    const patienceMs = Math.ceil(clock.paced(answerSeconds, answerFloorMs));
    const [rows] = await inTime(asked, patienceMs).catch((cause: unknown) => {
      throw numbered(cause);
    });
    return (Array.isArray(rows) ? rows : []) as Row[];
  },
});

/** The driver has a limit of its own, which begins only once a statement is prepared. */
async function inTime<T>(asked: Promise<T>, withinMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AnswerTimedOut("no answer to a statement in time")),
    withinMs,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
