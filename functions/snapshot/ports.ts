import type { Listed, Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Outcome } from "../reconcile/contract.ts";

/** Snapshots of the own region. */
export interface Taking {
  take(order: {
    readonly id: string;
    readonly database: string;
    readonly tags: Tags;
  }): Promise<Outcome>;
}

/** Says of a primary what a restore of a backup taken now will be compared with, and keeps it. */
export interface Memory {
  keep(order: {
    readonly id: string;
    readonly database: string;
    readonly instance: string;
  }): Promise<void>;
}

export interface Removing {
  /** As it is now; undefined if there is none. */
  look(id: string): Promise<Listed | undefined>;
  remove(id: string): Promise<Outcome>;
}
