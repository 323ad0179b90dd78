import type { Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Source } from "../../lib/sla/backups/log-book.ts";

/** Has RDS replicate automated backups, base backups and logs, into its own region; deletes none. */
export const SHIP_FUNCTION = "sla-ship";

export interface ShipRequest {
  readonly starts: readonly {
    readonly source: Source;
    /** How long they are kept here. */
    readonly days: number;
    readonly tags: Tags;
  }[];
  readonly stops: readonly { readonly source: Source }[];
}
