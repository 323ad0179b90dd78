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

export function paidWords(isolation: Emptied): string {
  switch (isolation.kind) {
    case "quarantined":
      return quarantined(isolation);
    case "gone":
      return "the database is gone";
    case "follows":
      return "RDS has made it a secondary of the new primary";
    case "switchover":
      return "left to the switchover, which stops the old writer first";
    case "one writer":
      return "left to RDS, which gives a cluster one writer";
    default:
      return isolation satisfies never;
  }
}
