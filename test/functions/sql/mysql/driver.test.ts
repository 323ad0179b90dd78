import type { AddressInfo } from "node:net";
import mysql, { type Connection as ServerSide } from "mysql2";
import { type Connection, createConnection } from "mysql2/promise";
import { afterEach, expect, it } from "vitest";
import { clockFrom } from "../../../../functions/kernel/clock.ts";
import { failureOf } from "../../../../functions/sql/failure.ts";
import { mysqlSession } from "../../../../functions/sql/mysql/driver.ts";

const HURRIED = { answerSeconds: 0.2, answerFloorMs: 200 };

/** What the driver has and does not type. */
interface Listening {
  readonly _server: { address(): AddressInfo };
  listen(port: number, host: string, backlog: undefined, done: () => void): void;
  close(done: () => void): void;
}

let server: Listening | undefined;
let connection: Connection | undefined;
afterEach(async () => {
  connection?.destroy();
  const closed = Promise.withResolvers<void>();
  server?.close(() => closed.resolve());
  await closed.promise;
});

/** A session on a server that does this with whatever it is asked. */
async function sessionOn(answering: (asked: ServerSide) => void) {
  const listening = Promise.withResolvers<number>();
  const made = mysql.createServer((asked) => {
    asked.on("error", () => undefined);
    asked.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: "10.11.8-MariaDB", connectionId: 1 },
      ...{ statusFlags: 2, characterSet: 45, capabilityFlags: 0xffffff },
      authCallback: (_said: unknown, letIn: (failed: null) => void) => letIn(null),
    });
    answering(asked);
  }) as unknown as Listening;
  server = made;
  made.listen(0, "127.0.0.1", undefined, () => listening.resolve(made._server.address().port));
  connection = await createConnection({
    ...{ host: "127.0.0.1", port: await listening.promise, user: "sla", password: "beats" },
  });
  connection.on("error", () => undefined);
  return mysqlSession(connection, clockFrom({ SLA_PACE: "1" }), HURRIED);
}

const failing = (asking: Promise<unknown>) => asking.then(() => undefined, failureOf);

it("gives up a server that falls silent before it has prepared a statement", async () => {
  const session = await sessionOn((asked) => asked.on("stmt_prepare", () => undefined));
  expect(await failing(session.query("select ?", ["1"]))).toMatchObject({ kind: "timed-out" });
});
