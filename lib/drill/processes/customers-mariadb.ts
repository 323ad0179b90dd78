import { createPool, type RowDataPacket } from "mysql2/promise";
import type { CustomersServer, Opening } from "./customers-server.ts";

export function mariadbServer({
  most,
  patienceMs,
  ...opening
}: Omit<Opening, "engine">): CustomersServer {
  const pool = createPool({
    ...opening,
    ...{ connectionLimit: most, connectTimeout: patienceMs },
    // A CNAME never matches the server's certificate: the chain is verified, the name is not.
    ssl: { rejectUnauthorized: true },
  });
  pool.on("connection", (connection) => connection.on("error", () => {}));
  const asked = async (
    sql: string,
    values: readonly unknown[],
  ): Promise<Readonly<Record<string, unknown>>> => {
    const connection = await pool.getConnection();
    try {
      const options = { sql, values: [...values], timeout: patienceMs };
      const [rows] = await connection.query<RowDataPacket[]>(options);
      connection.release();
      return rows[0] ?? {};
    } catch (cause) {
      // What it was asked may still be answered: whoever asks next must not get that.
      connection.destroy();
      throw cause;
    }
  };
  return {
    async addRow(id) {
      const text = "insert into drill_rows (id) values (?) returning @@bind_address as server";
      return String((await asked(text, [id]))["server"]);
    },
    async visit(site) {
      const text = `insert into visits (site, visits) values (?, 1)
        on duplicate key update visits = visits + 1 returning visits`;
      return Number((await asked(text, [site]))["visits"]);
    },
    end: () => pool.end(),
  };
}
