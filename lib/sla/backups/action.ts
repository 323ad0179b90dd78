import type { Shelved } from "./catalogue.ts";
import type { LogAction } from "./ship-logs.ts";

/** One thing to do about the backups of an instance, and why. */
export type Action = Take | Copy | Delete | Retag | Verify | LogAction;

export interface Take {
  readonly kind: "take";
  readonly instance: string;
  readonly region: string;
  /** RDS identifier. */
  readonly database: string;
  readonly id: string;
  readonly tickMs: number;
  /** Of the roles. */
  readonly epoch: number;
  readonly schedules: readonly string[];
  readonly because: string;
}

export interface Copy {
  readonly kind: "copy";
  readonly from: string;
  readonly to: string;
  readonly backup: Shelved;
  readonly because: string;
}

export interface Delete {
  readonly kind: "delete";
  readonly backup: Shelved;
  readonly because: string;
}

/** Name of the backup that it is about, or of the database whose logs it is about. */
export const nameOf = (action: Action): string =>
  "backup" in action ? action.backup.id : action.id;

export const instanceOf = (action: Action): string =>
  "backup" in action ? action.backup.instance : action.instance;

/** Region in which it is carried out. */
export function placeOf(action: Action): string {
  if (action.kind === "copy") return action.to;
  return action.kind === "delete" ? action.backup.region : action.region;
}

/** Tags that somebody took away, as another place still has them. */
export interface Retag {
  readonly kind: "repair";
  readonly region: string;
  readonly backup: Shelved;
  readonly because: string;
}

/** A restore test: the only proof that a backup is one. */
export interface Verify {
  readonly kind: "verify";
  readonly region: string;
  readonly backup: Shelved;
  readonly because: string;
}

/** What nobody can do for people, or what has waited too long. */
export interface Finding {
  readonly kind:
    | "backup-late"
    | "copy-late"
    | "files-late"
    | "backups-stopped"
    | "deletions-held"
    | "place-silent"
    | "tags-lost"
    | "tags-repaired"
    | "stranger"
    | "of-old-primary"
    | "roles-unknown"
    | "restore-test-failed"
    | "logs-late"
    | "logs-not-kept"
    | "logs-refused"
    | "machine-unnamed"
    | "refused";
  /** Absent: of backups of its database. */
  readonly of?: "images";
  readonly instance: string;
  readonly region: string;
  readonly detail: string;
  /** How long it may last before anybody hears of it, in ms. */
  readonly patienceMs: number;
  /** How many deletions wait for leave. */
  readonly deletions?: number;
  /** RDS identifier, where a person has to change the database. */
  readonly database?: string;
}

export interface Reconciled {
  readonly actions: readonly Action[];
  readonly findings: readonly Finding[];
  /** Places that do not have the last backup of every schedule yet; all while a dump of now is wanted. */
  readonly waiting: readonly string[];
}
