import type { DatabaseState, PromoteOptions } from "../../functions/failover/ports.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { Reading, SqlRequest, SqlResult } from "../../functions/sql/contract.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import { FakeDatabases } from "./failover-databases.ts";

const READER = "reader.";

const arnOf = ({ region, database }: Seat) =>
  `arn:aws:rds:${region}:111111111111:cluster:${database}`;

/** Clusters of Aurora global databases, each pair one of them: twin of the adapters of functions/aws/aurora-*.ts. */
export class FakeClusters extends FakeDatabases {
  /** Old primaries after a failover, and whom they are to follow: RDS rebuilds them once it can. */
  readonly rebuilding = new Map<string, string>();
  /** What RDS keeps of those it has rebuilt. */
  readonly snapshots: string[] = [];
  /** How the writer was moved. */
  readonly moves: ("switchover" | "failover with data loss")[] = [];

  override async describe(seat: Seat): Promise<DatabaseState | undefined> {
    const state = await super.describe(seat);
    if (!state?.endpoint || state.source === undefined) return state;
    return { ...state, reader: { ...state.endpoint, host: `${READER}${state.endpoint.host}` } };
  }

  override async promote(seat: Seat, { from }: PromoteOptions) {
    if (from && this.lost.has(from.region)) {
      throw new SlaError("CloudUnreachable", "cloud", `${from.region} does not answer`);
    }
    const old = keyOf(this.all.get(`${seat.region}/${seat.database}`)?.source);
    const writer = this.all.get(old);
    if (from && writer?.process !== "runs") return "wrong-state" as const;
    const answer = await super.promote(seat);
    if (answer !== "accepted") return answer;
    this.moves.push(from ? "switchover" : "failover with data loss");
    if (from) this.#follow(old, arnOf(seat));
    else this.rebuilding.set(old, arnOf(seat));
    return answer;
  }

  override settle(): void {
    super.settle();
    for (const [key, source] of this.rebuilding) {
      const [region = "", database] = key.split("/");
      if (this.lost.has(region)) continue;
      this.rebuilding.delete(key);
      this.snapshots.push(`rds:unplanned-global-failover-${database}`);
      this.#follow(key, source);
    }
  }

  #follow(key: string, source: string): void {
    const db = this.all.get(key);
    if (!db) return;
    Object.assign(db, { source, inRecovery: true, sessions: 0, process: "runs" });
    Object.assign(db, { replication: ["replicating"], beatAt: undefined });
  }

  /** Nobody answers at the endpoint of a secondary before it is promoted; nobody says positions. */
  override async ask<T>(region: string, request: SqlRequest): Promise<SqlResult<T>> {
    const targets = request.targets.map((target) => ({
      ...target,
      host: target.host.replace(READER, ""),
    }));
    const [asked, real] = [request.targets[0], targets[0]];
    const db = [...this.all.values()].find(({ host }) => host === real?.host);
    if (db?.source !== undefined && asked?.host === db.host) {
      const message = "its endpoint is inactive";
      return { instance: asked.instance, ok: false, failure: { kind: "unreachable", message } };
    }
    const result = await super.ask<T>(region, { ...request, targets });
    if (!result.ok || request.operation !== "read") return result;
    const { receivedLsn, replayedLsn, horizon, ...said } = result.value as Reading;
    return { ...result, value: said as T };
  }
}

function keyOf(arn = ""): string {
  const [, , , region, , , database] = arn.split(":");
  return `${region}/${database}`;
}
