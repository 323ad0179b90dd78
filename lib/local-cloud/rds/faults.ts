import type { ClientConfig } from "pg";
import { type BackupFaults, backupFaultsOf } from "./backup-faults.ts";
import { SERVER_PORT } from "./host.ts";
import { type NetworkFaults, networkFaultsOf } from "./network-faults.ts";
import type { World } from "./world.ts";

/** How a drill looks at a server, past security groups and cuts. */
interface ServerAccess {
  readonly address: string;
  readonly port: number;
  /** Of the superuser. @throws Error where the server is not PostgreSQL */
  readonly connection: ClientConfig;
}

/** What happens to machines, networks and backups without anybody asking RDS: it keeps saying `available`. */
export interface Faults extends NetworkFaults, BackupFaults {
  /**
   * SIGKILL for the server and all its backends. With `restartsAfterMs` it runs again on the same data by then,
   * as AWS's host manager sees to it; such a restart is told in the event log only.
   */
  kill(region: string, id: string, options?: { readonly restartsAfterMs?: number }): Promise<void>;
  /** Starts a killed server on the same data. */
  revive(region: string, id: string): Promise<void>;
  /** SIGSTOP: connections are accepted, nothing answers. */
  pause(region: string, id: string): void;
  resume(region: string, id: string): void;
  /** Its volume has been this small all along: RDS makes none smaller, and a larger one takes long to fill. */
  allocate(region: string, id: string, gib: number): void;
  /** @throws Error while the instance is being created */
  server(region: string, id: string): ServerAccess;
  /** One statement as superuser in a database of the server (default: postgres, of MariaDB none); rows as objects. */
  adminQuery(
    region: string,
    id: string,
    text: string,
    values?: readonly unknown[],
    database?: string,
  ): Promise<Record<string, unknown>[]>;
}

export function faultsOf(world: World): Faults {
  const { inventory, log } = world;
  const hostOf = (region: string, id: string) => inventory.get(region, id).host;
  const tell = (region: string, operation: string, detail: Readonly<Record<string, unknown>>) =>
    log.record({ region, service: "rds", operation, detail });

  const revive: Faults["revive"] = async (region, id) => {
    await hostOf(region, id).server.start();
    tell(region, "ServerRevived", { instance: id });
  };
  return {
    ...networkFaultsOf(world),
    ...backupFaultsOf(world),
    revive,
    async kill(region, id, { restartsAfterMs } = {}) {
      await hostOf(region, id).server.kill();
      tell(region, "ServerKilled", { instance: id });
      if (restartsAfterMs === undefined) return;
      const failed = (cause: Error) =>
        tell(region, "Failed", { instance: id, error: cause.message });
      setTimeout(() => void revive(region, id).catch(failed), restartsAfterMs).unref();
    },
    pause(region, id) {
      hostOf(region, id).server.pause();
      tell(region, "ServerPaused", { instance: id });
    },
    resume(region, id) {
      hostOf(region, id).server.resume();
      tell(region, "ServerResumed", { instance: id });
    },
    allocate(region, id, gib) {
      const instance = inventory.get(region, id);
      instance.choices = { ...instance.choices, allocatedStorageGb: gib };
      tell(region, "VolumeAllocated", { instance: id, gib });
    },
    server(region, id) {
      const host = hostOf(region, id);
      void host.server;
      return {
        ...{ address: host.options.address, port: SERVER_PORT },
        get connection() {
          return host.postgres.connection;
        },
      };
    },
    adminQuery: (region, id, text, values, database) =>
      hostOf(region, id).query(text, values, database),
  };
}
