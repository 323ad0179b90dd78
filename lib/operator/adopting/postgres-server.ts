import pg from "pg";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { PREPARE_SQL } from "../../../functions/sql/prepare.sql.ts";
import { scramVerifier } from "../../../functions/sql/scram.ts";
import { SET_PASSWORD } from "../../../functions/sql/statements.ts";
import type { Login, Server, Target } from "./ports.ts";
import { connectWithinMs, PATIENT, refusedOf, type Through } from "./reach.ts";

/** What the functions of a failover do with the login, asked of the catalogue. */
const LOOK = `
  select
    count(*) = 2
      and coalesce(bool_and(
        has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT')
        and has_table_privilege(c.oid, 'INSERT') and has_table_privilege(c.oid, 'UPDATE')), false)
      and pg_has_role(current_user, 'pg_monitor', 'USAGE')
      and pg_has_role(current_user, 'pg_signal_backend', 'USAGE') as "isPrepared",
    exists (select from pg_roles where rolname = 'pg_read_all_data'
      and pg_has_role(current_user, oid, 'USAGE')) as "readsRows"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'hosting_sla' and c.relname in ('heartbeat', 'proof')`;

/** A primary of PostgreSQL. */
export function postgresServer(clock: Clock, through?: Through): Server {
  const working = <T>(target: Target, login: Login, work: (client: pg.Client) => Promise<T>) =>
    withClient(clock, { target, login, ...(through && { through }) }, work);
  return {
    async look(target, login) {
      const said = await working(target, login, (client) =>
        client.query<{ isPrepared: boolean; readsRows: boolean }>(LOOK),
      ).catch(refusedOf);
      if ("is" in said) return said;
      const [row] = said.rows;
      return row?.isPrepared ? { is: "prepared", readsRows: row.readsRows } : { is: "bare" };
    },

    async prepare(target, master, { login, readsRows }) {
      // A password that is given so never reaches a server's log.
      const verifier = await scramVerifier(login.password);
      return working(target, master, async (client) => {
        await client.query(PREPARE_SQL);
        const { rows } = await client.query<{ text: string }>(SET_PASSWORD, [
          login.username,
          verifier,
        ]);
        await client.query(rows[0]?.text ?? "");
        if (readsRows) await client.query("grant pg_read_all_data to sla");
        return undefined;
      }).catch(refusedOf);
    },

    forget: (target, master, username) =>
      working(target, master, async (client) => {
        const role = pg.escapeIdentifier(username);
        await client.query("drop schema if exists hosting_sla cascade");
        const { rowCount } = await client.query("select from pg_roles where rolname = $1", [
          username,
        ]);
        if (!rowCount) return undefined;
        // Rights on what others own; only who has the role may take them away.
        await client.query(`grant ${role} to current_user`);
        await client.query(`drop owned by ${role}`);
        await client.query(`drop role ${role}`);
        return undefined;
      }).catch(refusedOf),
  };
}

interface Reach {
  readonly target: Target;
  readonly login: Login;
  readonly through?: Through;
}

async function withClient<T>(
  clock: Clock,
  { target, login, through }: Reach,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const answerMs = clock.paced(PATIENT.answerSeconds, PATIENT.answerFloorMs);
  const { host, port } = through ?? target;
  const client = new pg.Client({
    ...{ host, port, database: target.database, user: login.username, password: login.password },
    // Its certificate is of its own name, whatever the way there.
    ssl: { rejectUnauthorized: true, servername: target.host },
    connectionTimeoutMillis: connectWithinMs(clock),
    ...{ statement_timeout: answerMs, query_timeout: answerMs },
    application_name: "sla adopt",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
