import type { Adopted } from "./contract.ts";
import type { Logins } from "./logins.ts";
import { PREPARE_SQL } from "./prepare.sql.ts";
import { only } from "./rows.ts";
import { scramVerifier } from "./scram.ts";
import type { Session } from "./server.ts";
import { HORIZON, IS_LOGIN, IS_PREPARED, SET_PASSWORD } from "./statements.ts";

/**
 * Gives a database that was restored the passwords of now: a backup holds those of its day. Read first of all is which
 * transactions it holds; behind that it differs from what it was restored from. A login that the backup does not know is named,
 * not made: nobody knows what it may do.
 */
export async function adopt(
  session: Session,
  secrets: readonly string[],
  logins: Logins,
): Promise<Adopted> {
  const { horizon } = only(await session.query<{ horizon: string }>(HORIZON));
  // A backup may be older than the tables of the SLA; where they are they may be another's than the master's.
  const { isPrepared } = only(await session.query<{ isPrepared: boolean }>(IS_PREPARED));
  if (!isPrepared) await session.query(PREPARE_SQL);
  const given: string[] = [];
  const missing: string[] = [];
  for (const secret of secrets) {
    const { username, password } = await logins.of(secret);
    const [role] = await session.query<{ isLogin: boolean }>(IS_LOGIN, [username]);
    if (!role?.isLogin) {
      missing.push(username);
      continue;
    }
    const values = [username, await scramVerifier(password)];
    const { text } = only(await session.query<{ text: string }>(SET_PASSWORD, values));
    await session.query(text);
    given.push(username);
  }
  return { horizon, given, missing };
}
