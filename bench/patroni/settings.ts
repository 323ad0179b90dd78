/** How fast Patroni notices, in seconds, under its own names. */
export interface PatroniSettings {
  /** A leader that has not renewed its key for so long has none. */
  readonly ttlSeconds: number;
  /** Between two rounds of its main loop. */
  readonly loopWaitSeconds: number;
  /** How long it repeats a failing call to etcd or PostgreSQL. */
  readonly retryTimeoutSeconds: number;
}

/** The smallest setting that was seen to work, with Patroni 3.0.2. */
export const SMALLEST: PatroniSettings = {
  ttlSeconds: 5,
  loopWaitSeconds: 1,
  retryTimeoutSeconds: 2,
};
/** What Patroni comes with. */
export const DEFAULTS: PatroniSettings = {
  ttlSeconds: 30,
  loopWaitSeconds: 10,
  retryTimeoutSeconds: 10,
};

export const PORTS = { etcd: 2379, etcdPeers: 2380, rest: 8008, postgres: 5432 } as const;
export const SUPERUSER = "postgres";

export interface NodeSettings {
  readonly name: string;
  readonly address: string;
  readonly etcdAddress: string;
  readonly dataDirectory: string;
  /** Patroni writes the passwords there for libpq. */
  readonly passwordFile: string;
  /** Of PostgreSQL's programs. */
  readonly binDirectory: string;
  readonly password: string;
  readonly settings: PatroniSettings;
}

/** Patroni's configuration file as a value; JSON is YAML. The database is tuned like the local cloud's. */
export function patroniConfiguration(node: NodeSettings) {
  const { name, address, etcdAddress, password, settings } = node;
  const at = (port: number) => `${address}:${port}`;
  const rest = { listen: at(PORTS.rest), connect_address: at(PORTS.rest) };
  return {
    scope: "bench",
    name,
    restapi: rest,
    etcd3: { hosts: [`${etcdAddress}:${PORTS.etcd}`] },
    bootstrap: {
      dcs: {
        ttl: settings.ttlSeconds,
        loop_wait: settings.loopWaitSeconds,
        retry_timeout: settings.retryTimeoutSeconds,
        postgresql: { use_slots: true },
      },
      initdb: [{ encoding: "UTF8" }, { locale: "C" }, { auth: "scram-sha-256" }, "no-sync"],
      pg_hba: [
        "host all all 127.0.0.0/8 scram-sha-256",
        "host replication all 127.0.0.0/8 scram-sha-256",
      ],
    },
    postgresql: {
      listen: at(PORTS.postgres),
      connect_address: at(PORTS.postgres),
      data_dir: node.dataDirectory,
      bin_dir: node.binDirectory,
      pgpass: node.passwordFile,
      authentication: {
        superuser: { username: SUPERUSER, password },
        replication: { username: "replicator", password },
      },
      parameters: {
        unix_socket_directories: "",
        dynamic_shared_memory_type: "mmap",
        shared_buffers: "16MB",
        password_encryption: "scram-sha-256",
        // At its default of 5 s some promotions take 5 s longer.
        wal_retrieve_retry_interval: "100ms",
      },
    },
    watchdog: { mode: "off" },
  };
}
