import type { Roles, Seat } from "../../lib/sla/roles.ts";
import type { Reading, SqlFailure } from "../sql/contract.ts";
import type { FailoverRequest } from "./contract.ts";
import type { DnsRecord } from "./records.ts";

/** What a machine carries from step to step; each step adds what it found, none takes anything away. */
export interface Underway<Request> {
  readonly request: Request;
  /** ARN of the execution. */
  readonly execution: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly timeline: readonly Happening[];
}

export type Begun = Underway<FailoverRequest>;

export interface Happening {
  /** ISO 8601: when the step ended. */
  readonly at: string;
  readonly step: string;
  /** What was done or found, in words; the first word says which. */
  readonly detail: string;
  readonly tookMs: number;
}

export interface Admitted extends Begun {
  /** Folder of this failover in the ledger; kept if another execution continues it. */
  readonly id: string;
  readonly before: RolesWithStandby;
  readonly lookedAt: string;
}

export type RolesWithStandby = Roles & { readonly standby: Seat };

export interface Examined extends Admitted {
  readonly evidence: Evidence;
}

/** What was known before anything was changed: the only boundary between kept and lost. */
export interface Evidence {
  readonly at: string;
  readonly standby: Said;
  readonly primary: Said;
}

export type Said =
  | { readonly answered: true; readonly reading: Reading }
  | { readonly answered: false; readonly kind: Silence; readonly message: string };

/** `region`: neither its API nor our function there; `gone`: RDS knows no such database; else as SQL failed. */
export type Silence = "region" | "gone" | SqlFailure["kind"];

export interface Fit extends Examined {
  /** Backups of the new primary go on as they were on the replica. */
  readonly backupRetentionDays: number;
  /** Newest heartbeat on the standby, ISO 8601. */
  readonly standbyBeat?: string;
  /** Of a cluster of one region: who wrote. */
  readonly writer?: string;
}

export interface Fenced extends Fit {
  readonly fence: FenceOutcome;
  /** Of a planned failover: that nothing acknowledged is missing on the standby. */
  readonly drained?: Drained;
}

export interface Drained {
  /** Where the log of the fenced primary ended, and how far the standby had replayed it. */
  readonly position: string;
  readonly replayed: string;
  /** ISO 8601. */
  readonly at: string;
}

export type FenceOutcome =
  | {
      readonly kind: "quarantined";
      readonly ended: number;
      readonly rebooted: boolean;
      /** Nothing answered: sessions that were open may be so still, should it come back. */
      readonly unsevered?: true;
    }
  | { readonly kind: "gone" }
  /** RDS has made it a secondary of the new primary. */
  | { readonly kind: "follows" }
  /** Left to the switchover of a global database: it moves the writer only when the old one has stopped. */
  | { readonly kind: "switchover" }
  /** Another member of the cluster takes over: RDS gives it one writer, whatever becomes of the old one. */
  | { readonly kind: "one writer" }
  | { readonly kind: "debt"; readonly because: string };

/** Of a cluster of one region, once RDS was asked for another writer, or has given it one by itself. */
export interface Moving extends Fenced {
  readonly moved?: { readonly from: string };
}

export interface Gated extends Moving {
  /** The new primary's own name, and the instant of the write that proves it. */
  readonly endpoint: string;
  readonly provedAt: string;
  /** Of a cluster of one region: the newest heartbeat its new writer had, before it wrote anything of ours. */
  readonly beatFound?: string;
}

export interface Seated extends Gated {
  readonly roles: Roles;
  /** Regions whose ledger has to be told later. */
  readonly owed: readonly string[];
}

export interface Flipped extends Seated {
  readonly flip: {
    readonly before: readonly DnsRecord[];
    readonly after: readonly DnsRecord[];
    /** Absent if the records already said so, or could not be written. */
    readonly change?: string;
    /** STOP flag that was raised in their stead. */
    readonly flag?: string;
    /** No record has to change. */
    readonly stays?: true;
  };
}

export interface Shown extends Flipped {
  /** First good answer through the new records: ISO 8601. */
  readonly goodAt: string;
}
