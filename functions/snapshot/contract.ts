import type { Tags } from "../../lib/sla/backups/catalogue.ts";

/** Takes snapshots of primaries of its region; may not delete any. */
export const SNAPSHOT_FUNCTION = "sla-snapshot";
/** The only function that may delete a backup; one at a time in a region. */
export const ROTATE_FUNCTION = "sla-rotate";

export interface TakeRequest {
  readonly takes: readonly {
    readonly id: string;
    /** RDS identifier. */
    readonly database: string;
    readonly tags: Tags;
  }[];
}

export interface RotateRequest {
  readonly deletions: readonly {
    readonly id: string;
    readonly instance: string;
    /** State that it was seen in. */
    readonly state: "available" | "failed";
  }[];
}
