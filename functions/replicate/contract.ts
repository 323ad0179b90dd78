import type { Tags } from "../../lib/sla/backups/catalogue.ts";

/** Copies backups of other regions into its own, and gives tags back that were lost. */
export const REPLICATE_FUNCTION = "sla-replicate";

export interface ReplicateRequest {
  readonly copies: readonly {
    readonly id: string;
    /** Region of the source. */
    readonly from: string;
    readonly tags: Tags;
  }[];
  readonly retags: readonly { readonly id: string; readonly tags: Tags }[];
}
