import type { Unconfirmed } from "../../functions/notify/subscriptions.ts";

export interface Mailing {
  /** Rejects with `CloudUnreachable` and its siblings, and if a topic is missing. */
  unconfirmed(region: string): Promise<readonly Unconfirmed[]>;
}
