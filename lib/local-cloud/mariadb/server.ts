import { dirname, join } from "node:path";
import { type ConnectionOptions, createConnection, type RowDataPacket } from "mysql2/promise";
import { type ProcessOptions, ServerProcess } from "../server-process.ts";
import type { MariadbBinaries } from "./binaries.ts";
import { settingsFile } from "./settings.ts";
import { ADMIN } from "./template.ts";

const SIGNALS = { smart: "SIGTERM", fast: "SIGTERM", immediate: "SIGKILL" } as const;

export interface MariadbOptions extends Pick<ProcessOptions, "guard"> {
  readonly binaries: MariadbBinaries;
  /** Configured data directory (`configureMariadb`). */
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  readonly adminPassword: string;
  /** For messages: `acme-db in eu-central-1`. */
  readonly label: string;
}

/** One MariaDB server process with its data directory. */
export class MariadbServer extends ServerProcess {
  readonly #options: MariadbOptions;

  constructor(options: MariadbOptions) {
    const { binaries, directory, address, port, guard, label } = options;
    super({
      label: `MariaDB of ${label}`,
      at: `${address}:${port}`,
      guard,
      program: binaries.server,
      args: [`--defaults-file=${settingsFile(directory)}`],
      logFile: join(dirname(directory), "mariadb.log"),
      signals: SIGNALS,
      accepts: () =>
        this.query("select 1").then(
          () => true,
          () => false,
        ),
      cleanUp: async () => undefined,
    });
    this.#options = options;
  }

  /** How whoever may everything connects, past every gate. */
  get connection(): ConnectionOptions {
    const { address: host, port, adminPassword: password } = this.#options;
    return { host, port, user: ADMIN, password, connectTimeout: 5000 };
  }

  /** One statement as whoever may everything, past every gate. */
  async query(
    text: string,
    values: readonly unknown[] = [],
    database?: string,
  ): Promise<Record<string, unknown>[]> {
    const connection = await createConnection({
      ...this.connection,
      ...(database !== undefined && { database }),
    });
    connection.on("error", () => {});
    try {
      const [rows] = await connection.query<RowDataPacket[]>(text, [...values]);
      return Array.isArray(rows) ? rows : [];
    } finally {
      connection.destroy();
    }
  }
}
