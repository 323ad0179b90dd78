import type { DnsRecord } from "./records.ts";

/** All records of one instance: they are written together or not at all. */
export interface Rewrite {
  readonly instance: string;
  readonly records: readonly DnsRecord[];
}

/** Limits of one ChangeResourceRecordSets; an UPSERT counts twice. */
const LIMITS = { values: 1000, characters: 32_000 };
const UPSERT = 2;

/** As few batches as take them in their order, each within what Route 53 accepts at once. */
export function batchesOf(rewrites: readonly Rewrite[]): readonly (readonly Rewrite[])[] {
  const batches: Rewrite[][] = [];
  let [values, characters] = [0, 0];
  for (const rewrite of rewrites) {
    const weight = weightOf(rewrite);
    values += weight.values;
    characters += weight.characters;
    const batch = batches.at(-1);
    if (batch && values <= LIMITS.values && characters <= LIMITS.characters) {
      batch.push(rewrite);
    } else {
      batches.push([rewrite]);
      ({ values, characters } = weight);
    }
  }
  return batches;
}

/** What one instance takes of the limits of its batch. */
export const weightOf = ({ records }: Rewrite) => ({
  values: UPSERT * records.length,
  characters: UPSERT * records.reduce((sum, { target }) => sum + target.length, 0),
});

/** What became of one instance's records. */
export type Written = Rewrite & ({ readonly change: string } | { readonly failure: unknown });

interface Scribe {
  write(zone: string, records: readonly DnsRecord[]): Promise<string>;
}

/**
 * Writes all records of a zone in batches. A batch is taken or refused as a whole: one that is refused is halved
 * until those stand alone that are refused for themselves. Never rejects.
 */
export async function writeAll(
  signpost: Scribe,
  zone: string,
  rewrites: readonly Rewrite[],
  isRefused: (cause: unknown) => boolean,
): Promise<readonly Written[]> {
  const write = async (batch: readonly Rewrite[]): Promise<readonly Written[]> => {
    try {
      const change = await signpost.write(
        zone,
        batch.flatMap(({ records }) => records),
      );
      return batch.map((rewrite) => ({ ...rewrite, change }));
    } catch (failure) {
      const half = Math.ceil(batch.length / 2);
      if (half === batch.length || !isRefused(failure)) {
        return batch.map((rewrite) => ({ ...rewrite, failure }));
      }
      return [...(await write(batch.slice(0, half))), ...(await write(batch.slice(half)))];
    }
  };
  const written: Written[] = [];
  for (const batch of batchesOf(rewrites)) written.push(...(await write(batch)));
  return written;
}
