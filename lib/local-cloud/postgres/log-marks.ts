import { setTimeout as wait } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";

/** What was committed by then lies before this position in the log. */
interface Mark {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly position: string;
}

const EVERY_MS = 50;
const POSITION = `select (case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
  else pg_current_wal_lsn() end)::text as position`;

/** Looks at the log of a server every now and then; a server that does not let it look has no marks. */
export class LogMarks {
  readonly #marks: Mark[] = [];
  readonly #end = new AbortController();
  readonly #client: Client;
  #looking: Promise<void> = Promise.resolve();

  private constructor(connection: ClientConfig) {
    this.#client = new Client(connection);
    this.#client.on("error", () => {});
  }

  /** Resolves after the first look. */
  static async begin(connection: ClientConfig): Promise<LogMarks> {
    const marks = new LogMarks(connection);
    try {
      await marks.#client.connect();
      await marks.#look();
      marks.#looking = marks.#goOn().catch(() => {});
    } catch {
      // Then the beginning is all that is known.
    }
    return marks;
  }

  /** Ends, and says the newest moment of which all is in the log up to this position. */
  async until(position: string): Promise<Date | undefined> {
    await this.close();
    const last = bytesOf(position);
    const at = this.#marks.findLast((mark) => bytesOf(mark.position) <= last)?.at;
    return at === undefined ? undefined : new Date(at);
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#looking;
    await this.#client.end().catch(() => {});
  }

  async #goOn(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await wait(EVERY_MS, undefined, { signal: this.#end.signal });
      await this.#look();
    }
  }

  /** The clock is read first: what is committed in between is on the safe side. */
  async #look(): Promise<void> {
    const at = Date.now();
    const { rows } = await this.#client.query<{ position: string | null }>(POSITION);
    const position = rows[0]?.position;
    if (position) this.#marks.push({ at, position });
  }
}

/** `16/B374D848` */
function bytesOf(position: string): bigint {
  const [high, low] = position.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
