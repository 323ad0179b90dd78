import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Issued } from "../certificates.ts";
import { giveAway } from "../postgres/run-as.ts";

const SETTINGS = {
  // Named as on RDS, and kept from the first statement on: a replica begins there.
  "log-bin": "mysql-bin-changelog",
  "log-slave-updates": "ON",
  "binlog-format": "MIXED",
  "expire-logs-days": 0,
  "innodb-log-file-size": "8M",
  "innodb-buffer-pool-size": "16M",
  "performance-schema": "OFF",
  "max-connections": 100,
  "skip-name-resolve": "ON",
  "slave-net-timeout": 60,
  "lc-messages": "en_US",
  "default-time-zone": "+00:00",
};

export interface MariadbConfiguration {
  readonly address: string;
  readonly port: number;
  readonly certificate: Issued;
  /** One in a whole cloud: names the origin of a transaction. */
  readonly serverId: number;
  /** Until it is promoted nobody but replication writes. */
  readonly isReplica: boolean;
}

/** Where the settings of a data directory are. */
export const settingsFile = (directory: string) => join(dirname(directory), "my.cnf");

/** Writes my.cnf beside a data directory and the certificate into it. */
export async function configureMariadb(
  directory: string,
  { address, port, certificate, serverId, isReplica }: MariadbConfiguration,
): Promise<void> {
  const settings = {
    ...SETTINGS,
    datadir: directory,
    // Of the data directory: a path of more than 107 bytes is no address of a socket.
    socket: "s.sock",
    "pid-file": join(directory, "server.pid"),
    "bind-address": address,
    port,
    "server-id": serverId,
    "relay-log": "relaylog",
    "read-only": isReplica ? "ON" : "OFF",
    "ssl-cert": join(directory, "server.crt"),
    "ssl-key": join(directory, "server.key"),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  const files = [
    [settingsFile(directory), `[mysqld]\n${lines.join("")}`],
    [join(directory, "server.crt"), certificate.certPem],
    [join(directory, "server.key"), certificate.keyPem],
  ] as const;
  for (const [path, text] of files) {
    await writeFile(path, text, { mode: 0o600 });
    await giveAway(path);
  }
}

/** From its next start on, whatever it was installed as. */
export async function makeWritable(directory: string): Promise<void> {
  const path = settingsFile(directory);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/^read-only = .*$/m, "read-only = OFF"));
}
