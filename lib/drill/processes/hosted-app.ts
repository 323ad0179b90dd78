/**
 * A small web application as hosters run it: HTTPS, a health page that writes and reads its database
 * through the instance's DNS name with an ordinary connection pool. Knows nothing of the SLA.
 */
import { createServer } from "node:https";
import type { Engine } from "../../sla/engine.ts";
import { isBadVisit, type Stumble } from "../stumble.ts";
import { customersServer } from "./customers-server.ts";

interface AppSettings {
  readonly instance: string;
  readonly site: string;
  readonly address: string;
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  /** Path of the health page. */
  readonly healthPage: string;
  readonly engine: Engine;
  readonly databaseHost: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** How long one page may wait for its database, milliseconds. */
  readonly patienceMs: number;
}

const settings = JSON.parse(process.env["HOSTED_APP"] ?? "{}") as AppSettings;

const { engine, databaseHost: host, database, user, password, patienceMs } = settings;
const customers = customersServer({
  ...{ engine, host, database, user, password, patienceMs },
  most: 3,
});

const visit = async (): Promise<string> =>
  `${settings.instance} at ${settings.site}: ${await customers.visit(settings.site)} visits\n`;

let stumble: Stumble | undefined;
/** Visits of each address since it stumbles. */
const visits = new Map<string, number>();

function stumblesFor(visitor = ""): boolean {
  if (!stumble) return false;
  const visit = visits.get(visitor) ?? 0;
  visits.set(visitor, visit + 1);
  return isBadVisit(stumble, visit);
}

const server = createServer({ cert: settings.cert, key: settings.key }, (request, response) => {
  if (request.url !== settings.healthPage) {
    response.writeHead(404, { "content-type": "text/plain" }).end("no such page\n");
    return;
  }
  if (stumblesFor(request.socket.remoteAddress)) {
    response.writeHead(503, { "content-type": "text/plain" }).end("worker restarts\n");
    return;
  }
  visit().then(
    (body) => response.writeHead(200, { "content-type": "text/plain" }).end(body),
    (cause: Error) =>
      response.writeHead(503, { "content-type": "text/plain" }).end(`database: ${cause.message}\n`),
  );
});

server.listen(settings.port, settings.address, () => process.send?.("listening"));
process.on("message", (order: Stumble) => {
  stumble = order;
});
process.once("disconnect", () => process.exit(0));
