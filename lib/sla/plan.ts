import type { Availability, Credits, Maintenance, Support } from "./service-terms.ts";

/**
 * The promises sold for an instance, and how hard it is watched for them. A promise that is absent is
 * not made. Durations are seconds of real time; percentages are strings so that nothing is rounded.
 */
export interface Plan {
  readonly name: string;
  /** IANA name, by whose clocks the months of its instances begin and end; absent: the provider's. */
  readonly timezone?: string;
  /** ISO country whose public holidays `support.hours` calls local; absent: the provider's. */
  readonly holidays?: string;
  readonly watch: Watch;
  /** A promised live copy in the same data center; `waitSeconds` is what RDS's own failover is given. */
  readonly multiAz: { readonly required: boolean; readonly waitSeconds: number };
  /** One server lost for good. */
  readonly serverLoss?: Recovery;
  /** A data center lost for good. */
  readonly siteLoss?: Recovery;
  /** Smallest TTL a DNS record may have; 30 unless set, resolvers on the internet cheat below that. */
  readonly leastTtlSeconds?: number;
  /** Of instances whose failover waits for a person; each part has a default, see `approvalPolicy`. */
  readonly approval?: Partial<ApprovalPolicy>;
  /** How long each of those on call has before the next is called; absent: as the fleet says. */
  readonly escalateAfterMinutes?: number;
  readonly storage?: StoragePolicy;
  readonly availability?: Availability;
  readonly residency?: Residency;
  /** How the live copy is described; `multiAz` is what it means here. */
  readonly replication?: "near-real-time" | "real-time" | "hardware";
  readonly backups?: Backups;
  /** A public view of which snapshots the rotation holds. */
  readonly snapshotSimulation?: true;
  readonly copies?: Copies;
  /** A restorable copy in cold storage that nothing can change. */
  readonly frozen?: { readonly immutable: true };
  readonly downloads?: "any-time" | "by-agreement" | "own-destination";
  readonly restoreTests?: { readonly every: Period | "unstated" };
  /** A machine is started from an image this often; absent: never, as it is a second one of a customer's. */
  readonly imageTests?: { readonly every: Period };
  readonly backupMonitoring?: { readonly hours: "24/7"; readonly dashboard: boolean };
  readonly encryption?: Encryption;
  readonly isolation?: "database-per-customer" | "environment-per-instance";
  readonly maintenance?: Maintenance;
  readonly support?: Support;
  readonly credits?: Credits;
  /** Notice a customer who leaves must give. */
  readonly leaving?: "monthly" | "end-of-month";
}

export interface Watch {
  /** One look this often; divides or is a multiple of 60. */
  readonly everySeconds: number;
  /** Consecutive bad rounds that open an incident. */
  readonly badRounds: number;
  /** Consecutive good rounds that close it. */
  readonly goodRounds: number;
}

/** What happens when the log that a primary keeps for its standby leaves little of its storage free. */
interface StoragePolicy {
  /** People hear of it; 30 unless set. */
  readonly warnBelowPercent?: number;
  /** The standby is given up, so that the primary goes on taking writes, and a new one built; absent: never. */
  readonly dropStandbyBelowPercent?: number;
}

/** What a failover that asks a person first does until it is answered. */
export interface ApprovalPolicy {
  /** How long a person has, from the question on. */
  readonly withinSeconds: number;
  /** What nobody's answer means. */
  readonly otherwise: "failover" | "halt";
  /** Who gets links to approve and to refuse; the command is for whoever has the credentials. */
  readonly asks: "provider" | "everybody";
}

export interface Recovery {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  /** Whether the RTO includes standby promotion and the DNS change with its TTL. */
  readonly includesDns: boolean;
  /** `newest-backup`: no live copy is promised, `rpoSeconds` is the longest gap of the backup schedule. */
  readonly rpoFrom?: "replica" | "newest-backup";
}

/** Countries (`CH`) or areas (`Europe`), any of which will do; absent: anywhere. */
export interface Residency {
  readonly home?: readonly string[];
  readonly standby?: readonly string[];
  /** Where copies and the frozen copy may lie. What RDS keeps beside the primary lies with it. */
  readonly backups?: readonly string[];
  /** The standby lies in the same country or area of the list as the home. */
  readonly together?: boolean;
}

/** A number of hours, days, weeks or calendar months: `12h`, `1d`, `4w`, `3mo`. */
export type Period = `${number}${"h" | "d" | "w" | "mo"}`;

export interface Backups {
  readonly contents: readonly ("database" | "filestore" | "instance")[];
  /** Each runs by itself; without `keep` and `keepNewest` the rotation decides. */
  readonly schedules: readonly BackupSchedule[];
  readonly rotation?: Rotation;
  /** Versions kept of images of the complete instance. */
  readonly instanceVersions?: number;
  /** When one is taken; absent: once a day, at night. */
  readonly instanceSchedule?: Pick<BackupSchedule, "every" | "at">;
}

export interface BackupSchedule {
  readonly every: Period;
  /** Local times of a day, `07:00`; not where `every` is in hours. Absent: one, at night. */
  readonly at?: readonly string[];
  /** Its own backups stay until they are so old. */
  readonly keep?: Period;
  /** Or the newest so many of its own stay. */
  readonly keepNewest?: number;
}

/** Disjoint tiers: completed days, then ISO weeks before them, then calendar months before those. */
export interface Rotation {
  readonly perDay: number;
  readonly days: number;
  readonly weeks: number;
  readonly months: number;
  /** Distinct backups live at every instant; the oldest is at least `oldestMonths` old. */
  readonly count: number;
  readonly oldestMonths: number;
}

interface Copies {
  /** Places (account, region, medium) that hold every backup. */
  readonly places: number;
  readonly awayFromProduction?: boolean;
}

interface Encryption {
  readonly atRest?: boolean;
  readonly inTransit: boolean;
  readonly grade?: "A";
  readonly leastCertificateBits?: number;
}
