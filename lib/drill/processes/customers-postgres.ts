import pg from "pg";
import type { CustomersServer, Opening } from "./customers-server.ts";

export function postgresServer({
  most: max,
  patienceMs,
  ...opening
}: Omit<Opening, "engine">): CustomersServer {
  const pool = new pg.Pool({
    ...{ ...opening, max },
    ...{ connectionTimeoutMillis: patienceMs, query_timeout: patienceMs },
    // A CNAME never matches the server's certificate: the chain is verified, the name is not (verify-ca).
    ssl: { rejectUnauthorized: true, checkServerIdentity: () => undefined },
  });
  pool.on("error", () => {});
  return {
    async addRow(id) {
      const { rows } = await pool.query<{ server: string }>(
        "insert into drill_rows (id) values ($1) returning host(inet_server_addr()) as server",
        [id],
      );
      return rows[0]?.server ?? "";
    },
    async visit(site) {
      const { rows } = await pool.query<{ visits: string }>(
        `insert into visits as v (site, visits) values ($1, 1)
         on conflict (site) do update set visits = v.visits + 1 returning visits`,
        [site],
      );
      return Number(rows[0]?.visits);
    },
    end: () => pool.end(),
  };
}
