import type { Listed, Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { NamedCheck } from "../flag/contract.ts";
import type { Notice } from "../notify/contract.ts";
import type { ProbeAnswer, ProbeRequest } from "../probe/contract.ts";
import type { Adopted, AdoptRequest, SqlRequest, SqlResult } from "../sql/contract.ts";
import type { DnsRecord } from "./records.ts";
import type { ReprotectRequest } from "./reprotect-contract.ts";

/** What the cloud says of a database. */
export interface DatabaseState {
  /** `available`, `modifying`, `backing-up`, …; of a cluster `failing-over`, `switching-over` as well. */
  readonly status: string;
  /** Absent while it is being made. */
  readonly endpoint?: { readonly host: string; readonly port: number };
  /** Where a cluster that follows another can be asked: nobody answers at its endpoint before it is promoted. */
  readonly reader?: { readonly host: string; readonly port: number };
  readonly groups: readonly { readonly id: string; readonly active: boolean }[];
  /** Present on a replica only. */
  readonly source?: string;
  /** `replicating`, `error`, `terminated`…; empty on a database that is no replica. */
  readonly replication: readonly string[];
  readonly backupRetentionDays: number;
  readonly allocatedBytes?: number;
  /** RDS deletes it only when that is off. */
  readonly isProtected?: boolean;
  /** As far as whoever asks may see them. */
  readonly tags: Tags;
  /** Of a primary: its replicas, by identifier or ARN. */
  readonly replicas: readonly string[];
  /** Of a cluster of one region: one of them writes, the others take over from it. */
  readonly members?: readonly Member[];
}

/** An instance of RDS that is part of a cluster. */
export interface Member {
  readonly id: string;
  readonly isWriter: boolean;
  readonly status: string;
  /** Its own; absent while it is being made. */
  readonly endpoint?: { readonly host: string; readonly port: number };
  /** Whom RDS would take first: 0 before 15. */
  readonly tier: number;
}

/** Reads a database; undefined if there is none. Rejects with `CloudUnreachable` if the region does not answer. */
export interface Registry {
  describe(seat: Seat): Promise<DatabaseState | undefined>;
}

/** Changes who may reach the old primary. `wrong-state`: the cloud refuses while it is in this status. */
export interface Fence {
  admitOnly(seat: Seat, groups: readonly string[]): Promise<"accepted" | "wrong-state" | "gone">;
  reboot(seat: Seat): Promise<"accepted" | "wrong-state" | "gone">;
}

export interface PromoteOptions {
  readonly backupRetentionDays: number;
  /** The primary that hands over, where a failover is planned; of use to clusters only. Absent: it is lost, and so may be its last writes. */
  readonly from?: Seat;
  /** Of a cluster of one region: who of its members is to write. Absent: RDS chooses. */
  readonly member?: string;
}

export interface Standby {
  promote(seat: Seat, options: PromoteOptions): Promise<"accepted" | "wrong-state" | "gone">;
}

/** What a database of the same region has that its successor needs as well. */
export interface Model {
  readonly subnetGroup?: string;
  /** Absent: not encrypted. */
  readonly kmsKey?: string;
  readonly multiAz: boolean;
}

export interface ReplicaOrder extends Model {
  /** ARN of the primary. */
  readonly source: string;
  readonly groups: readonly string[];
  readonly parameterGroup: string;
  readonly tags: Tags;
}

/** Makes standbys. `refused`: RDS will not make one like this, and says why. */
export interface Replicas {
  model(seat: Seat): Promise<Model | undefined>;
  /** Asking again for one that is there changes nothing. */
  create(
    seat: Seat,
    order: ReplicaOrder,
  ): Promise<"accepted" | "wrong-state" | { readonly refused: string }>;
  keepBackups(seat: Seat, days: number): Promise<"accepted" | "wrong-state" | "gone">;
}

/** What an instance is brought back from, and to which instant (ISO 8601). */
export type RestorePoint =
  | {
      readonly from: "backup";
      readonly id: string;
      readonly at: string;
      readonly isProven: boolean;
    }
  | {
      readonly from: "logs";
      /** A database of the own region whose logs RDS keeps; absent: they are in `archive`. */
      readonly database?: string;
      /** ARN of logs whose database is gone, or in another region. */
      readonly archive?: string;
      readonly at: string;
      /** As far as they reach when it is restored, which may be further. */
      readonly isNewest: boolean;
    };

/** Logs of a database, from its first instant that can be restored to the last. */
export interface LogWindow {
  readonly database: string;
  /** Region of the database. */
  readonly region: string;
  readonly status: string;
  readonly earliest: string;
  readonly latest: string;
  readonly archive: string;
}

/** What the own region holds of instances. */
export interface Kept {
  backups(): Promise<readonly Listed[]>;
  logs(): Promise<readonly LogWindow[]>;
}

export interface RestoreOrder {
  readonly database: string;
  readonly point: RestorePoint;
  readonly groups: readonly string[];
  readonly parameterGroup: string;
  readonly subnetGroup: string;
  readonly multiAz: boolean;
  readonly backupRetentionDays: number;
  readonly tags: Tags;
}

export interface RestoredDatabase {
  readonly status: string;
  readonly endpoint?: { readonly host: string; readonly port: number };
  readonly masterUsername?: string;
  readonly tags: Tags;
}

/** Brings databases back into service, in the own region. */
export interface Recoveries {
  describe(database: string): Promise<RestoredDatabase | undefined>;
  restore(order: RestoreOrder): Promise<"accepted" | "wrong-state" | { readonly refused: string }>;
  /** Gives its master the password that our functions know. */
  open(database: string): Promise<"accepted" | "wrong-state" | "gone">;
}

/** The function of the own site that gives a restored database the passwords of now. */
export interface Adopting {
  ask(request: AdoptRequest): Promise<SqlResult<Adopted>>;
}

/** Takes standbys away for good. What is not there any more is `gone`. */
export interface Removals {
  model(seat: Seat): Promise<Model | undefined>;
  unprotect(seat: Seat): Promise<"accepted" | "wrong-state" | "gone">;
  /** A replica holds nothing of its own: no snapshot is taken. Its automated backups stay. */
  remove(seat: Seat): Promise<"accepted" | "wrong-state" | "gone">;
}

/** Starts the machine that gets an instance a new standby, in a region; once, however often it is asked. */
export interface Reprotects {
  start(region: string, request: ReprotectRequest): Promise<void>;
}

/** The instance's records in its hosted zone. Names it is not asked for it neither reads nor writes. */
export interface Signpost {
  records(zone: string, names: readonly string[]): Promise<readonly DnsRecord[]>;
  /** All or nothing; answers the id of the change. Rejects with `RecordsRefused` if it would never be taken. */
  write(zone: string, records: readonly DnsRecord[]): Promise<string>;
  isInSync(change: string): Promise<boolean>;
  nameServers(zone: string): Promise<readonly string[]>;
}

/** Health checks of Route 53, as their checkers see them. */
export interface StopChecks {
  /** Checks with this caller reference, and those that have it with a number behind. */
  named(reference: string): Promise<readonly NamedCheck[]>;
  /** The newest answer each checker got on the path of a flag: `raised` if it was a good one. Undefined: no such check. */
  seen(check: string): Promise<readonly FlagSight[] | undefined>;
}

export interface FlagSight {
  /** ISO 8601. */
  readonly at: string;
  readonly raised: boolean;
}

/** Asks one name server, past every cache. Undefined: no answer or no such name. */
export interface Oracle {
  cname(server: string, name: string): Promise<string | undefined>;
  /** Of the zone a name is in, found by asking DNS itself; none if nobody answers. */
  serversOf(name: string): Promise<readonly string[]>;
}

/** The SQL function of a region, for one target. Rejects with `CloudUnreachable` if the region does not answer. */
export interface Sql {
  ask<T>(region: string, request: SqlRequest): Promise<SqlResult<T>>;
}

/** Probes from a vantage; undefined if it gives no answer in time. */
export interface Vantages {
  probe(region: string, request: ProbeRequest): Promise<ProbeAnswer | undefined>;
}

/** Other executions of the machine, in any site. */
export interface Executions {
  isRunning(arn: string): Promise<boolean>;
}

export interface Messenger {
  notify(notice: Notice): Promise<void>;
}
