import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Issued } from "../certificates.ts";
import { giveAway } from "./run-as.ts";
import { ADMIN } from "./template.ts";

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Where a standby gets its WAL from. */
export interface Upstream {
  readonly address: string;
  readonly port: number;
  readonly password: string;
  /** Replication slot on the primary. */
  readonly slot: string;
}

const SETTINGS: Settings = {
  unix_socket_directories: "",
  // Files in the data directory go away with it; /dev/shm would keep those of a killed server.
  dynamic_shared_memory_type: "mmap",
  shared_buffers: "16MB",
  max_connections: 100,
  max_wal_senders: 10,
  max_replication_slots: 10,
  max_slot_wal_keep_size: "2GB",
  // A base backup has no slot, and others that begin meanwhile make it forget the log that it needs.
  wal_keep_size: "128MB",
  wal_level: "replica",
  wal_log_hints: true,
  hot_standby_feedback: true,
  // At its default of 5 s some promotions take 5 s longer.
  wal_retrieve_retry_interval: "100ms",
  wal_receiver_status_interval: "1s",
  recovery_target_timeline: "latest",
  password_encryption: "scram-sha-256",
  ssl: true,
  ssl_cert_file: "server.crt",
  ssl_key_file: "server.key",
  jit: false,
  fsync: true,
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
  log_checkpoints: false,
};

const LOOPBACK = "127.0.0.0/8 scram-sha-256";
const ACCESS = `host all all ${LOOPBACK}\nhost replication ${ADMIN} ${LOOPBACK}\n`;

export interface Configuration {
  readonly address: string;
  readonly port: number;
  readonly certificate: Issued;
  /** Present: the server starts as this primary's standby. */
  readonly upstream?: Upstream;
  readonly extra?: Settings;
}

/** Writes postgresql.conf, pg_hba.conf and the certificate into a data directory. */
export async function configure(directory: string, configuration: Configuration): Promise<void> {
  const { address, port, certificate, upstream, extra } = configuration;
  const settings = {
    ...SETTINGS,
    listen_addresses: address,
    port,
    ...(upstream && standbySettings(upstream)),
    ...extra,
  };
  const files = {
    "postgresql.conf": lines(settings),
    "pg_hba.conf": ACCESS,
    "server.crt": certificate.certPem,
    "server.key": certificate.keyPem,
    ...(upstream && { "standby.signal": "" }),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await writeFile(path, text, { mode: 0o600 });
    await giveAway(path);
  }
}

function standbySettings({ address, port, password, slot }: Upstream): Settings {
  const connection = [
    `host=${address} port=${port} user=${ADMIN} password=${password}`,
    // A name that synchronous_standby_names can hold; an unreachable primary must not block for long.
    `application_name=${slot} sslmode=disable connect_timeout=2`,
  ];
  return { primary_conninfo: connection.join(" "), primary_slot_name: slot };
}

function lines(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join("");
}
