import type { RecordsDebt, Rewriting } from "./debt.ts";
import type { FlagSight } from "./ports.ts";
import { type DnsRecord, sameName, type Targets } from "./records.ts";

/** What a debt of records stands at. */
export interface Standing {
  readonly debt: Pick<RecordsDebt, "progress">;
  /** All records of the instance's names, as the zone has them now. */
  readonly records: readonly DnsRecord[];
  /** Where the newest primary is. */
  readonly targets: Targets;
  /** False: a later epoch has begun since, whose own failover or reprotect writes the records. */
  readonly isNewest: boolean;
}

/** `missing`, `elsewhere`: names and targets, for a person. */
export type NextStep =
  | { readonly kind: "repair"; readonly missing: string }
  | { readonly kind: "leave"; readonly elsewhere: string }
  | { readonly kind: "write" }
  | { readonly kind: "take-note" }
  | { readonly kind: "await-sync"; readonly change: string }
  | { readonly kind: "await-caches" }
  | { readonly kind: "prove" }
  | { readonly kind: "await-health" };

export interface Pacing {
  readonly now: Date;
  paced(seconds: number, floorMs?: number): number;
}

/** Plan seconds after which a change that is not in sync is taken for lost: Route 53 needs one minute. */
const LOST_AFTER_SECONDS = 900;
/** Resolvers keep nothing for less. */
const TTL_FLOOR_MS = 1000;

/**
 * One step at a time, and the order is the point: both records, in sync, out of every cache, and only then the
 * flag. A flag that is lowered before leads clients back to the old primary.
 */
export function nextStep(standing: Standing, pacing: Pacing): NextStep {
  const { debt, records, targets, isNewest } = standing;
  const { progress } = debt;
  if (progress?.step === "lowered") return { kind: "await-health" };
  const missing = [...targets.keys()].filter((name) => ofName(records, name).length === 0);
  if (missing.length > 0) return { kind: "repair", missing: missing.join(", ") };
  const astray = strayIn(standing);
  if (!isNewest && astray) {
    return { kind: "leave", elsewhere: `${astray.name} leads to ${astray.target}` };
  }
  if (astray || !progress) return isNewest ? { kind: "write" } : { kind: "take-note" };
  return afterWriting(progress, standing, pacing);
}

function afterWriting(
  progress: Exclude<Rewriting, { step: "lowered" }>,
  { records, isNewest }: Standing,
  { now, paced }: Pacing,
): NextStep {
  const sinceMs = now.getTime() - Date.parse(progress.at);
  if (progress.step === "written") {
    const isLost = isNewest && sinceMs > paced(LOST_AFTER_SECONDS);
    return isLost ? { kind: "write" } : { kind: "await-sync", change: progress.change };
  }
  const ttlSeconds = Math.max(...records.map(({ ttl }) => ttl));
  return { kind: sinceMs < paced(ttlSeconds, TTL_FLOOR_MS) ? "await-caches" : "prove" };
}

/** A record that would answer wrong with the flag lowered; of a later epoch SECONDARY leads to its standby. */
function strayIn({ records, targets, isNewest }: Standing): DnsRecord | undefined {
  return records
    .filter(({ failover }) => isNewest || failover?.role !== "SECONDARY")
    .find(({ name, target }) => !leadsTo(targets.get(name), target));
}

const ofName = (records: readonly DnsRecord[], name: string) =>
  records.filter((record) => sameName(record.name, name));

const leadsTo = (wanted: string | undefined, target: string) =>
  wanted === undefined || sameName(wanted, target);

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
const HEALTHY_SHARE = 0.18;

/** Whether the inverted check finds the flag lowered again, by all that its checkers saw since then. */
export function seesLowered(sights: readonly FlagSight[] | undefined, loweredAt: string): boolean {
  if (!sights) return true;
  const since = sights.filter(({ at }) => Date.parse(at) >= Date.parse(loweredAt));
  const raised = since.filter((sight) => sight.raised).length;
  return since.length > 0 && raised <= HEALTHY_SHARE * since.length;
}
