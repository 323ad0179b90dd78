import type { FenceOutcome } from "./case.ts";

/** What a quarantine came to. */
export function quarantined({
  ended,
  rebooted,
  unsevered,
}: FenceOutcome & { readonly kind: "quarantined" }): string {
  if (unsevered) return "quarantined; nothing answers, so no session could be ended";
  return `quarantined, ${ended} sessions ended${rebooted ? ", rebooted" : ""}`;
}

/** A fence that is set. */
export type Emptied = Exclude<FenceOutcome, { readonly because: string }>;

export const paidWords = (isolation: Emptied): string =>
  isolation.kind === "gone" ? "the database is gone" : quarantined(isolation);
