import { Client } from "pg";
import { APPLICATION_USER } from "../../lib/drill/application-sql.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import type { Instance } from "../../lib/sla/fleet.ts";

const PATIENCE_MS = 250;

/** A client that remembers an address: it keeps inserting there whatever DNS says. */
export class StaleClient {
  attempts = 0;
  acknowledged = 0;
  readonly #stage: Stage;
  readonly #victim: Instance;
  #at: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(stage: Stage, victim: Instance) {
    this.#stage = stage;
    this.#victim = victim;
  }

  /** One insert; false if it was not acknowledged. */
  async insert(): Promise<boolean> {
    const { home, database } = this.#victim;
    const { address: host, port } = this.#stage.cloud.services.rds.server(home, database.primary);
    const client = new Client({
      host,
      port: 5432,
      user: APPLICATION_USER,
      password: this.#stage.estate.passwords.application,
      database: database.name,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      ssl: { rejectUnauthorized: false },
    });
    client.on("error", () => {});
    this.attempts += 1;
    try {
      await client.connect();
      await client.query("insert into drill_rows (id) values ($1)", [-this.attempts]);
      this.acknowledged += 1;
      return port > 0;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Tries again and again from now on. */
  persist(): void {
    this.#at = this.#hammer();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#at;
  }

  async #hammer(): Promise<void> {
    while (!this.#stopped) await this.insert();
  }
}
