import type { ClientConfig } from "pg";
import { applyCuts } from "./cuts.ts";
import type { World } from "./world.ts";

/** How a drill looks at a server, past security groups and cuts. */
interface ServerAccess {
  readonly address: string;
  readonly port: number;
  /** Of the superuser. */
  readonly connection: ClientConfig;
}

/** What happens to machines and networks without anybody asking RDS: it keeps saying `available`. */
export interface Faults {
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
  /** Nothing gets into or out of the region's databases, replication included; the servers live on. */
  cutOff(region: string): void;
  reconnect(region: string): void;
  /**
   * Of all clients only those of the region's networks (what carries a security group) get through any more;
   * replication goes on.
   */
  isolate(region: string, id: string): void;
  rejoin(region: string, id: string): void;
  /** @throws Error while the instance is being created */
  server(region: string, id: string): ServerAccess;
  /** One statement as superuser in a database of the server (default: postgres); rows as objects. */
  adminQuery(
    region: string,
    id: string,
    text: string,
    values?: readonly unknown[],
    database?: string,
  ): Promise<Record<string, unknown>[]>;
}

export function faultsOf(world: World): Faults {
  const { inventory, log, cutRegions, isolated } = world;
  const hostOf = (region: string, id: string) => inventory.get(region, id).host;
  const tell = (region: string, operation: string, detail: Readonly<Record<string, unknown>>) =>
    log.record({ region, service: "rds", operation, detail });
  const cuts = (region: string, operation: string) => {
    tell(region, operation, {});
    applyCuts(world);
  };

  const revive: Faults["revive"] = async (region, id) => {
    await hostOf(region, id).server.start();
    tell(region, "ServerRevived", { instance: id });
  };
  return {
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
    cutOff(region) {
      cutRegions.add(region);
      cuts(region, "RegionCutOff");
    },
    reconnect(region) {
      cutRegions.delete(region);
      cuts(region, "RegionReconnected");
    },
    isolate(region, id) {
      isolated.add(inventory.get(region, id));
      applyCuts(world);
      tell(region, "ServerIsolated", { instance: id });
    },
    rejoin(region, id) {
      isolated.delete(inventory.get(region, id));
      applyCuts(world);
      tell(region, "ServerRejoined", { instance: id });
    },
    server(region, id) {
      const { connection } = hostOf(region, id).server;
      return { address: connection.host ?? "", port: connection.port ?? 0, connection };
    },
    adminQuery: (region, id, text, values, database) =>
      hostOf(region, id).query(text, values, database),
  };
}
