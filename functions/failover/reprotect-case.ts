import type { Roles, Seat } from "../../lib/sla/roles.ts";
import type { Underway } from "./case.ts";
import type { Model } from "./ports.ts";
import type { DnsRecord } from "./records.ts";
import type { ReprotectRequest } from "./reprotect-contract.ts";

export interface ReprotectBegun extends Underway<ReprotectRequest> {
  readonly dropping?: Dropping;
}

/** A standby that is given up. */
export interface Dropping {
  readonly seat: Seat;
  /** Under which it stood by. */
  readonly before: Roles;
  /** What the second look found, in words. */
  readonly found: string;
  /** Present as soon as the roles do without it. */
  readonly roles?: Roles;
}

export interface Planned extends ReprotectBegun {
  /** Folder in the ledger. */
  readonly id: string;
  /** Under which nobody stands by. */
  readonly before: Roles;
  /** Of the replica that is to stand by. */
  readonly seat: Seat;
  /** The old primary in that region, whose network and key it gets. */
  readonly model: Seat;
  /** Those of a standby that was given up; they count instead. */
  readonly inherited?: Model;
}

export interface Kept extends Planned {
  /** Days the replica keeps its own backups: turning them on when it takes over would be an outage. */
  readonly backupRetentionDays: number;
}

export interface Streaming extends Kept {
  readonly primaryEndpoint: string;
  readonly standbyEndpoint: string;
  /** ISO 8601: when the primary committed the row that was then read on the replica, and when it was read. */
  readonly writtenAt: string;
  readonly readAt: string;
}

export interface Pointed extends Streaming {
  readonly signpost: {
    readonly before: readonly DnsRecord[];
    readonly after: readonly DnsRecord[];
    /** Absent: the records already said so. */
    readonly change?: string;
    /** ISO 8601: nothing was owed then, and the records read after it led right. */
    readonly seenAt?: string;
  };
}

export interface Reprotected extends Pointed {
  readonly roles: Roles;
  /** Regions whose ledger has to be told later. */
  readonly owed: readonly string[];
}
