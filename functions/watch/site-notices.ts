import type { Notice } from "../notify/contract.ts";
import type { RollCall } from "./roll-call.ts";

type Call = Pick<RollCall, "shard" | "control" | "tick">;

/** To the provider alone: a site is no instance, so it has no contacts of its own. */
export const siteSilent = (
  site: string,
  since: string,
  { shard, control, tick }: Call,
): Notice => ({
  kind: "site-silent",
  instance: site,
  incident: silenceOf(since),
  at: tick,
  lines: [
    `The watch of ${site} has ended no round of shard ${shard} without a failure since ${since}.`,
    site === control
      ? "Nobody watches the instances that control owns, nor those of an owner that falls silent now."
      : `${control} watches its instances in its stead and tells you, but starts no failover.`,
    `Look at its alarms and its health page: docs/runbook.md#site-silent`,
  ],
});

/** `silentSince` names the silence that is over. */
export const siteHeard = (
  site: string,
  since: string,
  silentSince: string,
  { shard, tick }: Call,
): Notice => ({
  kind: "site-heard",
  instance: site,
  incident: silenceOf(silentSince),
  at: tick,
  lines: [
    `The watch of ${site} ends rounds of shard ${shard} again since ${since}.`,
    `It had ended none since ${silentSince}.`,
    "Nothing needs to be done.",
  ],
});

/** By the hour: shards that fall silent together, and a watch that comes and goes, are one mail. */
const silenceOf = (since: string) => `silent-${since.replace(/\D/g, "").slice(0, 10)}`;
