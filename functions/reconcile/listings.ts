export interface Listings<T> {
  readonly listings: ReadonlyMap<string, readonly T[]>;
  /** Regions that did not say what they hold, and with what they failed. */
  readonly silent: ReadonlyMap<string, unknown>;
}

/** Asks all regions at once; never rejects for one. */
export async function listAll<T>(
  shelf: { list(region: string): Promise<readonly T[]> },
  regions: readonly string[],
): Promise<Listings<T>> {
  const answers = await Promise.allSettled(regions.map((region) => shelf.list(region)));
  const listings = new Map<string, readonly T[]>();
  const silent = new Map<string, unknown>();
  for (const [index, answer] of answers.entries()) {
    const region = regions[index] ?? "";
    if (answer.status === "fulfilled") listings.set(region, answer.value);
    else silent.set(region, answer.reason);
  }
  return { listings, silent };
}
