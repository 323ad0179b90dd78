/** Deployed in every site; looks after the backups that lie in its region. Changes nothing itself. */
export const RECONCILE_FUNCTION = "sla-backups";
/** Every site's own key for copies; one key a region, or copies would never be incremental. */
export const BACKUP_KEY = "alias/sla-backups";
/** Plan-time minutes between two passes. */
export const PASS_MINUTES = 15;

/** Without an event of its own the schedule asks for what is due. */
export interface PassEvent {
  /** Look, though nothing can have become necessary. */
  readonly look?: boolean;
}

/** What came of one action: done, done already, to be tried again, or in need of a person. */
export interface Outcome {
  readonly id: string;
  readonly answer: "accepted" | "already" | "later" | "refused";
  /** Of RDS, where it has not accepted. */
  readonly said?: string;
}

export interface BackupAnswer {
  readonly outcomes: readonly Outcome[];
}

/** `shelves/<region>.json`: how a region's backups were at the last pass of its site. */
export interface ShelfState {
  /** ISO 8601: instant of the pass. */
  readonly at: string;
  readonly instances: Readonly<Record<string, InstanceShelf>>;
  readonly troubles: readonly Trouble[];
  /** Instances of which RDS took no other backup here, because the region is full of snapshots. */
  readonly full?: readonly string[];
  /** Key of the fleet that the pass went by. */
  readonly fleet: string;
  /** Wishes for dumps of now that the pass had heard of, `acme 2026-11-22T15:00:01.000Z`. */
  readonly wishes?: readonly string[];
  /** ISO 8601: nothing has to be done before; absent where something is under way. */
  readonly idleUntil?: string;
}

/** Of one instance in this region; instants ISO 8601. */
export interface InstanceShelf {
  readonly available: number;
  readonly making: number;
  readonly newest?: string;
  readonly oldest?: string;
  readonly verified?: string;
  /** Names of backups that can be restored, but whose files are not here yet. */
  readonly withoutFiles?: readonly string[];
  readonly logs?: InstanceLogs;
  /** Absent: none is sold, or there is none. */
  readonly images?: ImageShelf;
}

/** Images of an instance's machines in this region; instants ISO 8601. */
export interface ImageShelf {
  readonly available: number;
  readonly making: number;
  readonly newest?: string;
  readonly oldest?: string;
  /** The last test in which a machine came up, and of when the image was that it was started from; absent: none has. */
  readonly proven?: { readonly at: string; readonly takenAt: string };
}

/** Of automated backups that RDS replicates to this region. */
export interface InstanceLogs {
  /** Region of the primary. */
  readonly from: string;
  /** To which they can be restored; absent: they cannot yet. */
  readonly latest?: string;
  /** What the loss of that region would have cost at the instant of the pass. */
  readonly lossSeconds?: number;
}

export interface Trouble {
  readonly kind: string;
  /** Absent: of backups of its database. */
  readonly of?: "images";
  readonly instance: string;
  readonly region: string;
  readonly detail: string;
  /** ISO 8601: the pass that found it first. */
  readonly since: string;
  /** Whether it has lasted long enough for people to hear of it. */
  readonly isTold: boolean;
  /** How many deletions wait for leave. */
  readonly deletions?: number;
  /** RDS identifier, where a person has to change the database. */
  readonly database?: string;
}

/**
 * `fresh/<instance>.json`: a person's wish for a dump of now. The ledger where dumps are made decides which wish it is, should two be
 * uttered at once; the others are told.
 */
export interface FreshRequest {
  readonly instance: string;
  /** ISO 8601, in whole seconds: names the backup. */
  readonly askedAt: string;
  /** Of the roles then: names the backup likewise. */
  readonly epoch: number;
  /** Who asked: an ARN, or `customer` and the value of a claim. */
  readonly by: string;
  /** Absent: to be downloaded. Only a dump that was made for it is the last one of whoever leaves. */
  readonly purpose?: "leave";
}
