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

export interface Removing {
  /** As it is now; undefined if there is none. */
  look(id: string): Promise<Listed | undefined>;
  remove(id: string): Promise<Outcome>;
}
