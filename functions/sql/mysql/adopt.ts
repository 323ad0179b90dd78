import type { Adopted } from "../contract.ts";
import type { Logins } from "../logins.ts";
import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import type { Dialect } from "./dialect.ts";
import { literal, type MysqlEngine, PLAIN_QUOTES, passwordWords, TABLES } from "./prepare.sql.ts";
import { type Held, numberedIn } from "./transactions.ts";

interface Asked {
  readonly secrets: readonly string[];
  readonly logins: Pick<Logins, "of">;
  readonly dialect: Dialect;
  readonly engine: MysqlEngine;
}

/** From which a login may come: a user of its own for each of them. */
const HOSTS = "select host as host from mysql.user where user = ?";

/** As `adopt` of PostgreSQL: the passwords of now, for every login that the backup knows. */
export async function adopt(
  session: Session,
  { secrets, logins, dialect, engine }: Asked,
): Promise<Adopted> {
  const horizon = numberedIn(only(await session.query<Held>(dialect.written)));
  await session.query(PLAIN_QUOTES);
  for (const statement of TABLES) await session.query(statement);
  const given: string[] = [];
  const missing: string[] = [];
  for (const secret of secrets) {
    const { username, password } = await logins.of(secret);
    const hosts = await session.query<{ host: string }>(HOSTS, [username]);
    const identified = passwordWords(engine, password);
    for (const { host } of hosts) {
      await session.query(
        `alter user ${literal(username)}@${literal(host)} identified ${identified}`,
      );
    }
    (hosts.length > 0 ? given : missing).push(username);
  }
  return { horizon, given, missing };
}
