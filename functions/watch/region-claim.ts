import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { IncidentRecord } from "./contract.ts";
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
  { members: _, ...fresh }: RegionIncident,
  pacer: Pacer,
): Promise<RegionClaim> {
  const key = keys.region(fresh.region);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await ledger.read<RegionClaim>(key);
    if (found && (await isOpen(ledger, found.value, fresh, pacer))) return found.value;
    const claim: RegionClaim = { ...fresh, by: shard };
    const done = found
      ? await ledger.replace(key, claim, found.tag)
      : await ledger.create(key, claim);
    if (done) return claim;
  }
  throw new SlaError("LedgerContended", "cloud", `${key}: ${ATTEMPTS} writes lost in a row`);
}

/** Whichever shard sees its part of it over closes the record; what is lost after that is another incident. */
async function isOpen(
  ledger: Ledger,
  claim: RegionClaim,
  { region, openedAt }: Pick<RegionIncident, "region" | "openedAt">,
  pacer: Pacer,
): Promise<boolean> {
  const ageMs = Date.parse(openedAt) - Date.parse(claim.openedAt);
  if (ageMs > pacer.paced(JOINED_FOR_SECONDS)) return false;
  const key = keys.incident(folderOf(region), claim.incident);
  return (await ledger.read<IncidentRecord>(key))?.value.closedAt === undefined;
}
