import { Socket } from "node:net";
import pg from "pg";
import type { Clock } from "../kernel/clock.ts";
import type { SqlTarget } from "./contract.ts";
import { keptServers } from "./kept-servers.ts";
import type { Logins } from "./logins.ts";
import { connectMs, connectTimedOut, PATIENCE, type Patience } from "./patience.ts";
import { AnswerTimedOut, type Login, type Servers, type Session } from "./server.ts";

/** Servers of PostgreSQL. */
export const postgresServers = (
  logins: Logins,
  clock: Clock,
  patience: Patience = PATIENCE,
): Servers =>
  keptServers<pg.Client>(
    {
      open: (target, login) => connected(target, login, clock, patience),
      session: sessionOf,
      whenEnded: (client, ended) => client.once("end", ended),
      close,
    },
    logins,
  );

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
    connectionTimeoutMillis: connectMs(clock),
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
    const isLate = cause instanceof Error && /timeout/i.test(cause.message);
    throw isLate ? connectTimedOut(target, taken, cause) : cause;
  }
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
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  client.end().catch(() => undefined);
  stream.destroy();
}
