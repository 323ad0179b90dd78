import { failureOf } from "../failure.ts";
import type { Session } from "../server.ts";
import type { CatalogueTable } from "./catalogue.ts";
import type { Dialect } from "./dialect.ts";

export interface Checked {
  readonly problems: readonly string[];
  /** How many of its indexes were looked through. */
  readonly indexes: number;
  /** Why it was not checked. */
  readonly leftOut?: string;
}

const INDEXES = `
  select count(distinct index_name) as count from information_schema.statistics
  where table_schema = ? and table_name = ?`;

interface Said {
  readonly Msg_type: string;
  readonly Msg_text: string;
}

/** In the words of both servers: it was ended by a limit, or by somebody. */
const ENDED = /interrupted|max_statement_time/i;

/** The structure of a table and of all its indexes, as the server itself checks it. */
export async function checkTable(
  session: Session,
  { schema, name, table, bytes }: CatalogueTable,
  { checkedBytes }: Dialect,
): Promise<Checked> {
  if (bytes > checkedBytes) {
    const gib = Math.round(bytes / 1024 ** 3);
    return { problems: [], indexes: 0, leftOut: `${gib} GiB, more than can be checked in time` };
  }
  try {
    const said = await session.query<Said>(`check table ${table} extended`);
    const wrong = said.filter(isWrong).map(({ Msg_text }) => Msg_text);
    const ended = wrong.find((text) => ENDED.test(text));
    if (ended !== undefined) return { problems: [], indexes: 0, leftOut: ended };
    const [{ count = 0 } = {}] = await session.query<{ count?: number }>(INDEXES, [schema, name]);
    return { problems: wrong, indexes: Number(count) };
  } catch (cause) {
    const { kind, code, message } = failureOf(cause);
    // It says nothing of the table; what would be found in hours is left to people.
    if (kind !== "timed-out" || code === "AnswerTimedOut") throw cause;
    return { problems: [], indexes: 0, leftOut: message };
  }
}

/** Notes are of engines that check nothing; warnings alone are of tables that were open. */
const isWrong = ({ Msg_type, Msg_text }: Said) =>
  /^error$/i.test(Msg_type) ||
  (Msg_type === "status" && !/^(OK|Table is already up to date)$/.test(Msg_text));
