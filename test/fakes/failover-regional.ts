import type { DatabaseState, Member, PromoteOptions } from "../../functions/failover/ports.ts";
import type { Reading, SqlRequest, SqlResult } from "../../functions/sql/contract.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { LeapingClock } from "./failover-clock.ts";
import { FakeDatabases } from "./failover-databases.ts";

/** A member as RDS and its clients see it. */
interface FakeMember {
  readonly id: string;
  readonly tier: number;
  status: string;
  isWriter: boolean;
  runs: boolean;
  /** Milliseconds behind the storage. */
  lagMs: number;
}

/**
 * Clusters of one region, of three members each: twin of the adapters of functions/aws/cluster-*.ts. A cluster's endpoint leads to
 * whoever writes; what was committed is there for all.
 */
export class FakeRegional extends FakeDatabases {
  readonly #clock: LeapingClock;
  readonly #members = new Map<string, FakeMember[]>();
  /** RDS needs so many looks to move a writer. */
  movingLooks = 0;
  readonly #moving = new Map<string, { readonly to: string; looks: number }>();

  constructor(clock: LeapingClock) {
    super(clock);
    this.#clock = clock;
  }

  membersOf(database: string): FakeMember[] {
    const known = this.#members.get(database);
    if (known) return known;
    const made = [0, 1, 2].map((tier, n) => ({
      ...{ id: `${database}-${n}`, tier, status: "available" },
      ...{ isWriter: n === 0, runs: true, lagMs: 0 },
    }));
    this.#members.set(database, made);
    return made;
  }

  writerOf = (database: string) => this.membersOf(database).find(({ isWriter }) => isWriter)?.id;

  override async describe(seat: Seat): Promise<DatabaseState | undefined> {
    const moving = this.#moving.get(seat.database);
    if (moving && moving.looks-- <= 0) this.move(seat, moving.to);
    const state = await super.describe(seat);
    const members = this.membersOf(seat.database).map(
      ({ id, tier, status, isWriter }): Member => ({
        ...{ id, tier, status, isWriter },
        endpoint: { host: `${id}.member`, port: 5432 },
      }),
    );
    return state && { ...state, members };
  }

  override async promote(seat: Seat, { member }: PromoteOptions) {
    const state = await super.describe(seat);
    const db = this.all.get(`${seat.region}/${seat.database}`);
    if (!state || !db) return "gone" as const;
    const target =
      member === undefined
        ? this.#newestIn(seat.database)
        : this.membersOf(seat.database).find(({ id }) => id === member);
    const isRefused = db.refusals > 0 || state.status !== "available" || !target?.runs;
    if (isRefused || target.isWriter) {
      db.refusals -= 1;
      return "wrong-state" as const;
    }
    this.changes.push(`writer ${member ?? `${target.id}, by RDS`}`);
    this.begin(seat, target.id);
    return "accepted" as const;
  }

  /** Whom RDS chooses: it knows what each has received. */
  #newestIn(database: string): FakeMember | undefined {
    return this.membersOf(database)
      .filter(({ runs, isWriter }) => runs && !isWriter)
      .toSorted((a, b) => a.lagMs - b.lagMs)[0];
  }

  /** RDS is at it: by itself, or because it was asked. */
  begin(seat: Seat, to: string): void {
    const db = this.all.get(`${seat.region}/${seat.database}`);
    if (!db) throw new Error(seat.database);
    db.status = "failing-over";
    if (this.movingLooks === 0) this.move(seat, to);
    else this.#moving.set(seat.database, { to, looks: this.movingLooks });
  }

  /** Who wrote before runs again, as a follower. */
  move(seat: Seat, to: string): void {
    this.#moving.delete(seat.database);
    for (const member of this.membersOf(seat.database)) {
      Object.assign(member, { isWriter: member.id === to, runs: true });
    }
    const db = this.all.get(`${seat.region}/${seat.database}`);
    if (db) Object.assign(db, { status: "available", process: "runs", sessions: 0 });
  }

  override async ask<T>(region: string, request: SqlRequest): Promise<SqlResult<T>> {
    const [target] = request.targets;
    const [cluster, member] = this.#memberAt(target?.host);
    if (!target || !cluster || !member)
      return withoutPositions(await super.ask<T>(region, request));
    if (!member.runs) {
      const message = "connection refused";
      return { instance: target.instance, ok: false, failure: { kind: "unreachable", message } };
    }
    const now = this.#clock.now();
    const committedAt = this.all.get(`${region}/${cluster}`)?.beatAt ?? now.getTime();
    const at = new Date(committedAt - member.lagMs);
    const reading: Reading = {
      beat: { at: at.toISOString(), sequence: at.getTime() },
      ...{ now: now.toISOString(), inRecovery: !member.isWriter, sessions: 0 },
      ...{ undrainedBytes: 0, streaming: !member.isWriter },
    };
    return { instance: target.instance, ok: true, value: reading as T };
  }

  #memberAt(host: string | undefined): [string?, FakeMember?] {
    for (const [database, members] of this.#members) {
      const found = members.find(({ id }) => `${id}.member` === host);
      if (found) return [database, found];
    }
    return [];
  }
}

/** As Aurora answers, and as a Multi-AZ DB cluster is asked. */
function withoutPositions<T>(result: SqlResult<T>): SqlResult<T> {
  if (!result.ok || !isReading(result.value)) return result;
  const { receivedLsn, replayedLsn, horizon, ...said } = result.value;
  return { ...result, value: said as T };
}

const isReading = (value: unknown): value is Reading =>
  typeof value === "object" && value !== null && "inRecovery" in value && "streaming" in value;
