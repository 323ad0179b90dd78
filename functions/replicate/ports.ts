import type { Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Outcome } from "../reconcile/contract.ts";

/** Copies into the own region. */
export interface Copying {
  copy(order: {
    readonly id: string;
    readonly from: string;
    readonly tags: Tags;
  }): Promise<Outcome>;
  retag(order: { readonly id: string; readonly tags: Tags }): Promise<Outcome>;
}
