import type {
  DatabaseState,
  Fence,
  PromoteOptions,
  Registry,
  Removals,
  ReplicaOrder,
  Replicas,
  Sql,
  Standby,
} from "../../functions/failover/ports.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type {
  Divergence,
  Reading,
  SqlFailure,
  SqlRequest,
  SqlResult,
  SqlTarget,
  Storage,
} from "../../functions/sql/contract.ts";
import { STANDBY_TAGS } from "../../lib/sla/database-tags.ts";
import { type Engine, keepsBinaryLogs } from "../../lib/sla/engine.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { LeapingClock } from "./failover-clock.ts";

/** What an instance had before, or its site's own. */
const isService = (group: string) => group === "sg-clients" || /^sg-\d$/.test(group);

/** One database as the cloud and as its clients see it. Tests set the fields to make a disaster. */
export class FakeDatabase {
  readonly host: string;
  /** `dead`: nobody listens. `hung`: connects and never answers. `cut`: its host takes no connection, its sessions stay. */
  process: "runs" | "dead" | "hung" | "cut" = "runs";
  status = "available";
  groups: string[] = ["sg-clients"];
  source: string | undefined;
  inRecovery = false;
  replication: string[] = [];
  sessions = 3;
  undrained = 0;
  /** Received and not replayed when it begins: bytes, how many a second are, and the heartbeats in it. */
  backlog:
    | {
        readonly since: number;
        readonly bytes: number;
        readonly perSecond: number;
        readonly beats: { readonly from: number; readonly to: number };
      }
    | undefined;
  /** The newest beat written or replayed here: milliseconds. Undefined: follows the clock. */
  beatAt: number | undefined;
  /** Changes refused with InvalidDBInstanceState so often. */
  refusals = 0;
  proofs: string[] = [];
  divergence: Divergence = { tables: [], unread: [] };
  refusesProof = false;
  retentionDays = 7;
  subnetGroup: string | undefined = "private";
  /** Absent: not encrypted. */
  kmsKey: string | undefined;
  /** Log arrives; what was received is replayed at once. */
  streams = true;
  /** In its log: written here, or received and replayed. */
  position: string;
  /** How its engine says a byte of it. */
  readonly place: (byte: number) => string;
  severs = true;
  /** After a promotion it takes so many looks until it is one. */
  promotionLooks = 0;
  allocatedGib = 100;
  /** Of its storage, in GiB: data, and log kept for whoever is farthest behind. */
  filled: Pick<Storage, "keptFor"> & { readonly data: number; readonly kept: number } = {
    ...{ data: 40, kept: 0 },
    keptFor: "replica",
  };
  isProtected = false;
  tags: DatabaseState["tags"] = STANDBY_TAGS;
  /** Deleting it takes so many looks. */
  deletionLooks = 0;

  constructor(host: string, source?: string, engine?: Engine) {
    this.host = host;
    const isPostgres = engine === undefined || engine === "postgres";
    this.place = isPostgres ? lsn : (byte) => `mysql-bin-changelog.000012:${byte}`;
    this.position = this.place(0x2000);
    this.source = source;
    if (source !== undefined) {
      this.inRecovery = true;
      this.replication = ["replicating"];
    }
  }

  /** Whether a client that connects now has its write acknowledged. */
  acknowledgesNewClient(): boolean {
    return this.process === "runs" && !this.inRecovery && this.groups.some(isService);
  }

  /** Whether any client, new or connected before, has its write acknowledged. */
  acknowledges(): boolean {
    const connected = this.process === "runs" && !this.inRecovery && this.sessions > 0;
    return this.acknowledgesNewClient() || connected;
  }
}

/** RDS and the SQL functions of all regions, over the same databases. */
export class FakeDatabases implements Registry, Fence, Standby, Sql, Replicas, Removals {
  readonly all = new Map<string, FakeDatabase>();
  /** What RDS was asked to make, and why it will not. */
  readonly orders: ReplicaOrder[] = [];
  refusal: string | undefined;
  readonly lost = new Set<string>();
  /** RDS leaves the slots of deleted replicas behind. */
  slotsStay = false;
  /** Of all of them; absent: PostgreSQL. */
  engine: Engine | undefined;
  /** Engines in whose words the servers were asked. */
  readonly spoken = new Set<SqlTarget["engine"]>();
  /** What was asked of the cloud, changes only. */
  readonly changes: string[] = [];
  readonly #clock: LeapingClock;

  constructor(clock: LeapingClock) {
    this.#clock = clock;
  }

  async describe(seat: Seat): Promise<DatabaseState | undefined> {
    const db = this.#find(seat);
    if (!db) return undefined;
    if (db.status === "deleting" && db.deletionLooks-- <= 0) return this.#forget(seat);
    this.#promotionGoesOn(db);
    return {
      status: db.status,
      endpoint: { host: db.host, port: 5432 },
      groups: db.groups.map((id) => ({ id, active: true })),
      ...(db.source !== undefined && { source: db.source }),
      replication: db.replication,
      backupRetentionDays: db.retentionDays,
      allocatedBytes: db.allocatedGib * GIB,
      isProtected: db.isProtected,
      replicas: this.#replicasOf(seat),
      tags: db.tags,
    };
  }

  async unprotect(seat: Seat) {
    return this.#change(seat, `unprotect ${seat.database}`, (db) => {
      db.isProtected = false;
    });
  }

  async remove(seat: Seat) {
    if (this.#find(seat)?.isProtected) throw new Error(`${seat.database} is protected`);
    return this.#change(seat, `delete ${seat.database}`, (db) => {
      db.status = "deleting";
    });
  }

  /** Its slot goes with it. */
  #forget({ region, database }: Seat) {
    const source = this.#sourceOf(this.all.get(`${region}/${database}`));
    this.all.delete(`${region}/${database}`);
    if (source && !this.slotsStay) source.filled = { ...source.filled, kept: 0 };
    return undefined;
  }

  #sourceOf(db: FakeDatabase | undefined) {
    const [, , , region, , , id] = db?.source?.split(":") ?? [];
    return this.all.get(`${region}/${id}`);
  }

  #replicasOf({ region, database }: Seat): readonly string[] {
    const arn = `arn:aws:rds:${region}:111111111111:db:${database}`;
    return [...this.all].flatMap(([key, { source }]) => (source === arn ? [key] : []));
  }

  async admitOnly(seat: Seat, groups: readonly string[]) {
    return this.#change(seat, `groups of ${seat.database}: ${groups.join(",")}`, (db) => {
      db.groups = [...groups];
    });
  }

  async reboot(seat: Seat) {
    return this.#change(seat, `reboot ${seat.database}`, (db) => {
      db.sessions = 0;
      if (db.process === "hung") db.process = "runs";
    });
  }

  async promote(seat: Seat, _options?: PromoteOptions): ReturnType<Standby["promote"]> {
    return this.#change(seat, `promote ${seat.database}`, (db) => {
      if (db.promotionLooks === 0) this.#finish(db);
      else db.status = "modifying";
    });
  }

  async model(seat: Seat) {
    const db = this.#find(seat);
    if (!db) return undefined;
    const { subnetGroup, kmsKey } = db;
    return { multiAz: false, ...(subnetGroup && { subnetGroup }), ...(kmsKey && { kmsKey }) };
  }

  async create({ region, database }: Seat, order: ReplicaOrder) {
    this.#reach(region);
    if (this.refusal !== undefined) return { refused: this.refusal };
    const key = `${region}/${database}`;
    if (this.all.has(key)) return "accepted" as const;
    this.orders.push(order);
    this.changes.push(`create ${database}`);
    const made = new FakeDatabase(`${database}.${region}.rds`, order.source, this.engine);
    Object.assign(made, { status: "creating", retentionDays: 0, groups: ["sg-clients"] });
    made.tags = order.tags;
    this.all.set(key, made);
    return "accepted" as const;
  }

  /** What RDS was at is done. */
  settle(): void {
    for (const db of this.all.values()) {
      if (db.status === "creating" || db.status === "backing-up") db.status = "available";
    }
  }

  async keepBackups(seat: Seat, days: number) {
    return this.#change(seat, `backups of ${seat.database}: ${days}`, (db) => {
      Object.assign(db, { retentionDays: days, status: "backing-up" });
    });
  }

  async ask<T>(region: string, request: SqlRequest): Promise<SqlResult<T>> {
    this.#reach(region);
    const [target] = request.targets;
    this.spoken.add(target?.engine);
    const db = [...this.all.values()].find(({ host }) => host === target?.host);
    const instance = target?.instance ?? "";
    const failure = failureOf(db, request, this.#standsFence(db));
    if (!db || failure) return { instance, ok: false, failure: failure ?? SILENT };
    return { instance, ok: true, value: this.#answer(db, request) as T };
  }

  #answer(db: FakeDatabase, request: SqlRequest): unknown {
    const now = this.#clock.now();
    switch (request.operation) {
      case "read":
        return this.#reading(db, now);
      case "sever": {
        const ended = db.severs ? db.sessions : 0;
        db.sessions -= ended;
        return { ended, left: db.sessions };
      }
      case "prove":
        if (!db.proofs.includes(request.execution)) db.proofs.push(request.execution);
        return { at: now.toISOString(), inRecovery: false };
      case "storage":
        return this.#storageOf(db);
      case "figures":
        return { at: now.toISOString(), schema: "0", rows: {} };
      case "diverge":
        return db.divergence;
      case "beat":
        return { at: now.toISOString(), sequence: now.getTime() };
      default:
        return request satisfies never;
    }
  }

  #storageOf(db: FakeDatabase): Storage {
    const { data, kept, keptFor } = db.filled;
    const replicas = [...this.all.values()].filter((each) => this.#sourceOf(each) === db);
    return {
      ...{ databaseBytes: data * GIB, retainedBytes: kept * GIB, keptFor },
      isFetched: replicas.some(({ process, streams }) => process === "runs" && streams),
      replicaSlots: keepsBinaryLogs(this.engine) ? 0 : Math.max(replicas.length, kept > 0 ? 1 : 0),
    };
  }

  #reading(db: FakeDatabase, now: Date): Reading {
    const replayedLsn = db.backlog ? replayOn(db, db.backlog, now) : db.position;
    const at = new Date(db.beatAt ?? now.getTime());
    return {
      beat: { at: at.toISOString(), sequence: at.getTime() },
      now: now.toISOString(),
      inRecovery: db.inRecovery,
      receivedLsn: db.position,
      replayedLsn,
      undrainedBytes: db.undrained,
      streaming: db.source !== undefined && db.streams,
      sessions: db.sessions,
      horizon: "700",
    };
  }

  /** The sql functions are let in by both groups; nobody is by another. */
  #standsFence = (db: FakeDatabase | undefined) =>
    db?.groups.every((group) => isService(group) || group.endsWith("q")) ?? false;

  #promotionGoesOn(db: FakeDatabase) {
    if (db.status !== "modifying") return;
    db.promotionLooks -= 1;
    if (db.promotionLooks <= 0) this.#finish(db);
  }

  #finish(db: FakeDatabase) {
    Object.assign(db, { status: "available", source: undefined, inRecovery: false });
    db.replication = [];
  }

  #change(seat: Seat, what: string, change: (db: FakeDatabase) => void) {
    const db = this.#find(seat);
    if (!db) return "gone" as const;
    if (db.refusals > 0) {
      db.refusals -= 1;
      return "wrong-state" as const;
    }
    this.changes.push(what);
    change(db);
    return "accepted" as const;
  }

  #find({ region, database }: Seat) {
    this.#reach(region);
    return this.all.get(`${region}/${database}`);
  }

  #reach(region: string) {
    if (!this.lost.has(region)) return;
    throw new SlaError("CloudUnreachable", "cloud", `${region} does not answer`);
  }
}

const lsn = (byte: number) => `0/${byte.toString(16).toUpperCase()}`;

const GIB = 2 ** 30;

const UNREACHABLE: SqlFailure = {
  ...{ kind: "unreachable", code: "ECONNREFUSED", message: "connection refused" },
};
const SILENT: SqlFailure = {
  ...{ kind: "unreachable", code: "ConnectTimedOut", message: "does not take connections" },
};

function failureOf(
  db: FakeDatabase | undefined,
  { operation }: SqlRequest,
  letIn: boolean,
): SqlFailure | undefined {
  if (!db || db.process === "cut" || !letIn) return SILENT;
  if (db.process === "dead") return UNREACHABLE;
  if (db.process === "hung") return { kind: "timed-out", message: "no answer in 5 s" };
  const writes = operation === "prove" || operation === "beat";
  return writes && (db.inRecovery || db.refusesProof)
    ? {
        kind: "refused",
        message: "cannot execute INSERT in a read-only transaction",
        code: "25006",
      }
    : undefined;
}

function replayOn(
  db: FakeDatabase,
  { since, bytes, perSecond, beats }: NonNullable<FakeDatabase["backlog"]>,
  now: Date,
): string {
  const done = Math.min(bytes, ((now.getTime() - since) / 1000) * perSecond);
  db.undrained = Math.ceil(bytes - done);
  db.beatAt = beats.from + (beats.to - beats.from) * (done / bytes);
  return db.place(0x1000 + Math.floor(done));
}
