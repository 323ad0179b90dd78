import type { Tags } from "../../lib/sla/backups/catalogue.ts";

/** Takes snapshots of primaries of its region; may not delete any. */
export const SNAPSHOT_FUNCTION = "sla-snapshot";
/** The only function that may delete a backup; one at a time in a region. */
export const ROTATE_FUNCTION = "sla-rotate";

/** Of images of machines: who takes them may not delete any; deployed where a plan sells images. */
export const IMAGE_FUNCTIONS = {
  take: "sla-image",
  copy: "sla-image-copy",
  rotate: "sla-image-rotate",
} as const;

export interface TakeRequest {
  readonly takes: readonly {
    readonly id: string;
    /** RDS identifier; of an image what the fleet calls its machine. */
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
