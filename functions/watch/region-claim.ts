import { incidentIdOf } from "../../lib/sla/incident-state.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { IncidentChange } from "./contract.ts";
import { together } from "./incident-record.ts";
import type { Pacer } from "./judge.ts";
import { folderOf } from "./region-watch.ts";
import type { RegionIncident } from "./shard-state.ts";

/** `watches/region--<region>.json`: the region incident that all shards of a site are part of, and which one tells of it. */
export type RegionClaim = Omit<RegionIncident, "members"> & { readonly by: string };

/**
 * Plan seconds after which nobody joins any more, even if nobody closed it: a region goes in a minute, and a shard
 * that does not exist any more closes nothing.
 */
const JOINED_FOR_SECONDS = 3600;
const ATTEMPTS = 5;

/** The open incident of a region that this shard finds lost: another shard's, or this one, which is then the one to tell. */
export async function claimRegion(
  ledger: Ledger,
  shard: string,
  { members: _, ...found }: RegionIncident,
  pacer: Pacer,
): Promise<RegionClaim> {
  let fresh = found;
  const key = keys.region(fresh.region);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const held = await ledger.read<RegionClaim>(key);
    const isYoung = held && !isStale(held.value, fresh, pacer);
    if (isYoung && (await hasJoined(ledger, held.value, shard, fresh.openedAt))) return held.value;
    const claim: RegionClaim = { ...fresh, by: shard };
    if (!(await write(ledger, key, claim, held?.tag))) continue;
    if (await hasJoined(ledger, claim, shard, fresh.openedAt)) return claim;
    // Bad since the same moment as what is over for the others: that has been told, and this has not.
    fresh = { ...fresh, incident: incidentIdOf(fresh.openedAt) };
  }
  throw new SlaError("LedgerContended", "cloud", `${key}: ${ATTEMPTS} writes lost in a row`);
}

const write = (ledger: Ledger, key: string, claim: RegionClaim, tag: string | undefined) =>
  tag === undefined ? ledger.create(key, claim) : ledger.replace(key, claim, tag);

function isStale(
  claim: RegionClaim,
  { openedAt }: Pick<RegionIncident, "openedAt">,
  pacer: Pacer,
): boolean {
  const ageMs = Date.parse(openedAt) - Date.parse(claim.openedAt);
  return ageMs > pacer.paced(JOINED_FOR_SECONDS);
}

/**
 * Says in its record that this shard is part of it, before anybody acts on that: else the first shard for which it is over would
 * close it for all. False where that has happened: what is lost after that is another incident.
 */
async function hasJoined(
  ledger: Ledger,
  { region, incident, firstBadAt, openedAt }: RegionClaim,
  shard: string,
  seenAt: string,
): Promise<boolean> {
  const instance = folderOf(region);
  const change = { instance, incident, firstBadAt, openedAt, shards: { [shard]: { seenAt } } };
  const record = await rewrite<IncidentChange>(
    ledger,
    keys.incident(instance, incident),
    (known) => (known?.closedAt === undefined ? together(known ?? {}, change) : undefined),
  );
  return record?.closedAt === undefined;
}
