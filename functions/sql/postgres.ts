import { Socket } from "node:net";
import pg from "pg";
import { type Clock, FLOORS } from "../kernel/clock.ts";
import type { SqlTarget } from "./contract.ts";
import { isBadLogin, isDeadSession } from "./failure.ts";
import type { Logins } from "./logins.ts";
import {
  AnswerTimedOut,
  ConnectTimedOut,
  type Login,
  type Servers,
  type Session,
} from "./server.ts";

const CONNECT_SECONDS = 3;
const ANSWER_SECONDS = 5;

/** How long one statement may take. */
interface Patience {
  readonly answerSeconds: number;
  readonly answerFloorMs: number;
}

/**
 * Real servers. One session per database is kept between invocations: a TLS handshake and a SCRAM proof
 * a beat would cost the customer's server more than the beat.
 */
export function postgresServers(
  logins: Logins,
  clock: Clock,
  patience: Patience = { answerSeconds: ANSWER_SECONDS, answerFloorMs: FLOORS.sqlMs },
): Servers {
  const kept = new Map<string, pg.Client>();
  const keyOf = ({ host, port, database, secret, username }: SqlTarget) =>
    [host, port, database, secret, username].join(" ");

  const keep = (key: string, client: pg.Client) => {
    if (kept.has(key)) return void close(client);
    kept.set(key, client);
  };

  const open = async (target: SqlTarget, key: string) => {
    const client = await opened(target, logins, clock, patience);
    // Once: a session that serves for days is kept anew after every beat.
    client.once("end", () => kept.get(key) === client && kept.delete(key));
    return client;
  };

  const working = async <T>(
    client: pg.Client,
    key: string,
    work: (session: Session) => Promise<T>,
  ): Promise<T> => {
    try {
      const result = await work(sessionOf(client));
      keep(key, client);
      return result;
    } catch (cause) {
      close(client);
      throw cause;
    }
  };

  return {
    async use(target, work) {
      const key = keyOf(target);
      const known = kept.get(key);
      kept.delete(key);
      if (known) {
        try {
          return await working(known, key, work);
        } catch (cause) {
          if (!isDeadSession(cause)) throw cause;
        }
      }
      return working(await open(target, key), key, work);
    },
  };
}

/** A password may have been rotated since it was read: one more try with the secret as it is now. */
async function opened(
  target: SqlTarget,
  logins: Logins,
  clock: Clock,
  patience: Patience,
): Promise<pg.Client> {
  try {
    return await connected(target, await logins.of(target.secret), clock, patience);
  } catch (cause) {
    if (!isBadLogin(cause)) throw cause;
    logins.forget(target.secret);
    return connected(target, await logins.of(target.secret), clock, patience);
  }
}

async function connected(
  target: SqlTarget,
  login: Login,
  clock: Clock,
  { answerSeconds, answerFloorMs }: Patience,
): Promise<pg.Client> {
  const socket = new Socket();
  let taken = false;
  socket.once("connect", () => {
    taken = true;
  });
  const answerMs = clock.paced(answerSeconds, answerFloorMs);
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.username ?? login.username,
    password: login.password,
    ssl: { rejectUnauthorized: true, servername: target.host },
    connectionTimeoutMillis: clock.paced(CONNECT_SECONDS, FLOORS.sqlMs),
    statement_timeout: Math.ceil(answerMs),
    query_timeout: Math.ceil(answerMs),
    application_name: "hosting-sla",
    keepAlive: true,
    stream: () => socket,
  });
  // A session that dies between two uses says so here; nobody awaits it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    close(client);
    throw connectFailure(cause, target, taken);
  }
}

/** A stopped server still completes TCP handshakes: that is silence, not absence. */
function connectFailure(cause: unknown, { host, port }: SqlTarget, taken: boolean): unknown {
  if (!(cause instanceof Error) || !/timeout/i.test(cause.message)) return cause;
  return taken
    ? new AnswerTimedOut(`${host}:${port} takes connections and does not answer`, { cause })
    : new ConnectTimedOut(`${host}:${port} does not take connections`, { cause });
}

function sessionOf(client: pg.Client): Session {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      try {
        const { rows } = await client.query(text, [...values]);
        return rows as Row[];
      } catch (cause) {
        if (!(cause instanceof Error) || cause.message !== "Query read timeout") throw cause;
        throw new AnswerTimedOut("no answer to a statement in time", { cause });
      }
    },
  };
}

function close(client: pg.Client): void {
  // A goodbye to a stopped server would wait for ever: the socket goes at once.
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  client.end().catch(() => undefined);
  stream.destroy();
}
