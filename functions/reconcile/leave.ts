import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** `prunes/<instance>.json`: a person's leave to delete more at once than a rotation does. */
export interface Leave {
  readonly instance: string;
  /** In one place, in one pass. */
  readonly deletions: number;
  readonly reason: string;
  /** ISO 8601: it ends there. */
  readonly until: string;
}

export async function allowedOf(ledger: Ledger, now: Date): Promise<ReadonlyMap<string, number>> {
  const listed = await ledger.list(prefixes.prunes);
  const leaves = await Promise.all(listed.map(({ key }) => ledger.read<Leave>(key)));
  return new Map(
    leaves.flatMap((entry) =>
      entry && Date.parse(entry.value.until) > now.getTime()
        ? [[entry.value.instance, entry.value.deletions] as const]
        : [],
    ),
  );
}
