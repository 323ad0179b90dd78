import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import type { Guard } from "../../lib/local-cloud/guard.ts";
import { giveAway, makePrivateDirectory } from "../../lib/local-cloud/postgres/run-as.ts";
import { removeSharedMemory } from "../../lib/local-cloud/postgres/shared-memory.ts";
import { killAll, type OwnedProcess, startOwned } from "./owned-process.ts";
import { type NodeSettings, PORTS, patroniConfiguration, SUPERUSER } from "./settings.ts";

const ANSWER_MS = 1000;
const LOOK_MS = 20;

export interface NodeOptions extends NodeSettings {
  readonly guard: Guard;
  readonly patroni: string;
  readonly directory: string;
}

/** One Patroni with its PostgreSQL. */
export class PatroniNode {
  readonly #options: NodeOptions;
  #manager: OwnedProcess | undefined;
  #postmaster: number | undefined;
  #lookout: NodeJS.Timeout | undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** From nothing: Patroni initializes the database, or copies the leader's. */
  async start(): Promise<void> {
    const { directory, dataDirectory, guard, patroni, name } = this.#options;
    await rm(dataDirectory, { recursive: true, force: true });
    await makePrivateDirectory(directory);
    const file = join(directory, "patroni.yml");
    await writeFile(file, JSON.stringify(patroniConfiguration(this.#options)), { mode: 0o600 });
    await giveAway(file);
    this.#lookout = setInterval(() => void this.#ownPostmaster(), LOOK_MS).unref();
    this.#manager = await startOwned(guard, join(directory, `${name}.log`), patroni, [file]);
  }

  /** SIGKILL for Patroni and PostgreSQL together: what a lost machine looks like. */
  async kill(): Promise<void> {
    await this.#ownPostmaster();
    clearInterval(this.#lookout);
    const leaders = [this.#manager?.pid, this.#postmaster].filter((pid) => pid !== undefined);
    await killAll(this.#options.guard, leaders);
    this.#postmaster = undefined;
    await removeSharedMemory(this.#options.dataDirectory);
  }

  /** Whether Patroni's own health page says that it is this: a running one, of that role. */
  async is(role: "primary" | "replica"): Promise<boolean> {
    const { address } = this.#options;
    const response = await fetch(`http://${address}:${PORTS.rest}/${role}`, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    return response.ok;
  }

  /** Runs one statement over a fresh connection, as a client does that was cut off; returns its rows. */
  async query(sql: string): Promise<readonly unknown[]> {
    const client = new Client({
      host: this.#options.address,
      port: PORTS.postgres,
      user: SUPERUSER,
      password: this.#options.password,
      database: "postgres",
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query(sql)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** The end of Patroni's log, to be put after a message. */
  async lastWords(): Promise<string> {
    return (await this.#manager?.lastWords()) ?? "";
  }

  /** Patroni detaches PostgreSQL from itself, so that nothing but this file tells whose it is. */
  async #ownPostmaster(): Promise<void> {
    const { dataDirectory, guard } = this.#options;
    const text = await readFile(join(dataDirectory, "postmaster.pid"), "utf8").catch(() => "");
    const pid = Number(text.split("\n")[0]);
    if (!(pid > 1) || pid === this.#postmaster) return;
    this.#postmaster = pid;
    // Asked first, so that it removes its shared memory.
    guard.ownGroup(pid, "SIGQUIT");
  }
}
