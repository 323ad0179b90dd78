/**
 * A small web application as hosters run it: HTTPS, a health page that writes and reads its database
 * through the instance's DNS name with an ordinary connection pool. Knows nothing of the SLA.
 */
import { createServer } from "node:https";
import pg from "pg";
import { isBadVisit, type Stumble } from "../stumble.ts";

interface AppSettings {
  readonly instance: string;
  readonly site: string;
  readonly address: string;
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  /** Path of the health page. */
  readonly healthPage: string;
  readonly databaseHost: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** How long one page may wait for its database, milliseconds. */
  readonly patienceMs: number;
}

const settings = JSON.parse(process.env["HOSTED_APP"] ?? "{}") as AppSettings;

const pool = new pg.Pool({
  host: settings.databaseHost,
  database: settings.database,
  user: settings.user,
  password: settings.password,
  max: 3,
  connectionTimeoutMillis: settings.patienceMs,
  query_timeout: settings.patienceMs,
  // A CNAME never matches the server's certificate: the chain is verified, the name is not (verify-ca).
  ssl: { rejectUnauthorized: true, checkServerIdentity: () => undefined },
});
pool.on("error", () => {});

async function visit(): Promise<string> {
  const { rows } = await pool.query<{ visits: string }>(
    `insert into visits as v (site, visits) values ($1, 1)
     on conflict (site) do update set visits = v.visits + 1 returning visits`,
    [settings.site],
  );
  return `${settings.instance} at ${settings.site}: ${rows[0]?.visits} visits\n`;
}

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
