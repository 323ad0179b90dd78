import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Client, type ClientConfig } from "pg";
import { type ProcessOptions, ServerProcess } from "../server-process.ts";
import type { Binaries } from "./binaries.ts";
import { removeSharedMemory } from "./shared-memory.ts";
import { ADMIN } from "./template.ts";

const SIGNALS = { smart: "SIGTERM", fast: "SIGINT", immediate: "SIGQUIT" } as const;

export interface ServerOptions extends Pick<ProcessOptions, "guard"> {
  readonly binaries: Binaries;
  /** Configured data directory (`configure`). */
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  readonly adminPassword: string;
  /** For messages: `acme-db in eu-central-1`. */
  readonly label: string;
}

/** One PostgreSQL server process with its data directory. */
export class PostgresServer extends ServerProcess {
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    const { binaries, directory, address, port, guard, label } = options;
    super({
      label: `PostgreSQL of ${label}`,
      at: `${address}:${port}`,
      guard,
      program: binaries.postgres,
      args: ["-D", directory],
      logFile: join(dirname(directory), "postgresql.log"),
      signals: SIGNALS,
      accepts: (pid) => accepts(directory, pid),
      cleanUp: () => removeSharedMemory(directory),
    });
    this.#options = options;
  }

  /** How its superuser connects, past every gate. */
  get connection(): ClientConfig {
    const { address: host, port, adminPassword: password } = this.#options;
    return {
      host,
      port,
      user: ADMIN,
      password,
      database: "postgres",
      connectionTimeoutMillis: 5000,
    };
  }

  /** One statement as superuser, past every gate. */
  async query(
    text: string,
    values: readonly unknown[] = [],
    database = "postgres",
  ): Promise<Record<string, unknown>[]> {
    const client = new Client({ ...this.connection, database });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** postmaster.pid says so, as pg_ctl reads it; one of an earlier process has another id in line 1. */
async function accepts(directory: string, pid: number): Promise<boolean> {
  const text = await readFile(join(directory, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}
