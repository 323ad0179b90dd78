import type { DatabaseState, Registry, Sql, Standby } from "../../functions/failover/ports.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { SqlRequest, SqlResult } from "../../functions/sql/contract.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";

/** RDS says 3 to 12 minutes: a promotion takes this long here, in plan seconds. */
export const PROMOTION_SECONDS = 420;

interface Standin {
  readonly host: string;
  /** Milliseconds since 1970; absent: it stands by. */
  promotedAt?: number;
}

/**
 * Standbys of a lost region, without servers behind them: a hundred clusters do not fit on a laptop. They answer as
 * RDS and our sql function would; nothing that is asked of the lost region is answered.
 */
export class StandinDatabases implements Registry, Standby, Sql {
  readonly #all = new Map<string, Standin>();
  readonly #clock: Clock;
  readonly #lostAt: string;

  constructor(instances: readonly Instance[], clock: Clock, lostAt: string) {
    this.#clock = clock;
    this.#lostAt = lostAt;
    for (const { standby = "", database } of instances) {
      const id = database.standby ?? "";
      this.#all.set(id, { host: `${id}.xyz.${standby}.rds.amazonaws.com` });
    }
  }

  hostOf(database: string): string | undefined {
    return this.#all.get(database)?.host;
  }

  async describe({ region, database }: Seat): Promise<DatabaseState | undefined> {
    const found = this.#all.get(database) ?? silent(region);
    const promoted = this.#isPromoted(found);
    return {
      status: found.promotedAt !== undefined && !promoted ? "modifying" : "available",
      endpoint: { host: found.host, port: 5432 },
      groups: [{ id: "sg-1", active: true }],
      ...(!promoted && {
        source: `arn:aws:rds:eu-central-2:111111111111:db:${sourceOf(database)}`,
      }),
      replication: promoted ? [] : ["replicating"],
      backupRetentionDays: 7,
      replicas: [],
      tags: {},
    };
  }

  async promote({ database, region }: Seat) {
    const found = this.#all.get(database) ?? silent(region);
    found.promotedAt ??= this.#clock.now().getTime();
    return "accepted" as const;
  }

  async ask<T>(region: string, { operation, targets }: SqlRequest): Promise<SqlResult<T>> {
    const [target] = targets;
    const found = [...this.#all.values()].find(({ host }) => host === target?.host);
    if (!found || !target) return silent(region);
    const now = this.#clock.now().toISOString();
    const inRecovery = !this.#isPromoted(found);
    const beat = { at: this.#lostAt, sequence: 1000 };
    const reading = { beat, now, inRecovery, streaming: false, sessions: 1, undrainedBytes: 0 };
    const value = operation === "read" ? reading : { at: now, inRecovery };
    return { instance: target.instance, ok: true, value: value as T };
  }

  #isPromoted({ promotedAt = Number.POSITIVE_INFINITY }: Standin): boolean {
    const elapsedMs = this.#clock.now().getTime() - promotedAt;
    return elapsedMs >= this.#clock.paced(PROMOTION_SECONDS);
  }
}

const sourceOf = (database: string) => database.replace(/-standby$/, "");

const silent = (region: string): never => {
  throw new SlaError("CloudUnreachable", "cloud", `${region}: no answer`);
};
