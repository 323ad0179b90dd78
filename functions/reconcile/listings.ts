import type { Listed } from "../../lib/sla/backups/catalogue.ts";
import type { Snapshots } from "./ports.ts";

export interface Listings {
  readonly listings: ReadonlyMap<string, readonly Listed[]>;
  /** Regions that did not say what they hold, and with what they failed. */
  readonly silent: ReadonlyMap<string, unknown>;
}

/** Asks all regions at once; never rejects for one. */
export async function listAll(snapshots: Snapshots, regions: readonly string[]): Promise<Listings> {
  const answers = await Promise.allSettled(regions.map((region) => snapshots.list(region)));
  const listings = new Map<string, readonly Listed[]>();
  const silent = new Map<string, unknown>();
  for (const [index, answer] of answers.entries()) {
    const region = regions[index] ?? "";
    if (answer.status === "fulfilled") listings.set(region, answer.value);
    else silent.set(region, answer.reason);
  }
  return { listings, silent };
}
