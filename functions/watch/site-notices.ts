import type { Notice } from "../notify/contract.ts";
import type { Silence } from "./contract.ts";
import type { RollCall } from "./roll-call.ts";

type Call = Pick<RollCall, "shard" | "control" | "tick">;

/** To the provider alone: a site is no instance, so it has no contacts of its own. */
export const siteSilent = (
  { site, incident, since }: Silence,
  { shard, control, tick }: Call,
): Notice => ({
  ...{ kind: "site-silent", instance: site, incident },
  at: tick,
  lines: [
    `The watch of ${site} has ended no round of shard ${shard} without a failure since ${since}.`,
    site === control
      ? "Nobody watches the instances that control owns, nor those of an owner that falls silent now."
      : `${control} watches its instances in its stead and tells you, but starts no failover.`,
    `Look at its alarms and its health page: docs/runbook.md#site-silent`,
  ],
});

/** `since`: when it was heard again. */
export const siteHeard = (silence: Silence, since: string, { shard, tick }: Call): Notice => ({
  ...{ kind: "site-heard", instance: silence.site, incident: silence.incident },
  at: tick,
  lines: [
    `The watch of ${silence.site} ends rounds of every shard again, of ${shard} since ${since}.`,
    `It had ended none since ${silence.since}.`,
    "Nothing needs to be done.",
  ],
});

/** Of its beginning: who has taken care of one silence is called for the next. */
export const silenceOf = (since: string) => `silent-${since.replace(/\D/g, "").slice(0, 14)}`;
