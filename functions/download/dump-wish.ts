import { keys } from "../ledger/contract.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { FreshRequest } from "../reconcile/contract.ts";

/** Whole minutes belong to schedules: a backup of theirs would have the same name. */
export function wishAt(
  now: Date,
  { instance, epoch, by, purpose }: Omit<FreshRequest, "askedAt">,
): FreshRequest {
  const seconds = Math.floor(now.getTime() / 1000);
  const askedAt = new Date((seconds % 60 === 0 ? seconds + 1 : seconds) * 1000).toISOString();
  return { instance, askedAt, epoch, by, ...(purpose && { purpose }) };
}

/** Resolves with the sites that could not be told of a wish. */
export async function tellSites(
  ledgers: Ledgers,
  sites: readonly string[],
  request: FreshRequest,
): Promise<readonly string[]> {
  const key = keys.fresh(request.instance);
  const isNewer = (known: FreshRequest | undefined) =>
    known === undefined || known.askedAt < request.askedAt;
  const told = await Promise.allSettled(
    sites.map((site) =>
      rewrite<FreshRequest>(ledgers(site), key, (known) => (isNewer(known) ? request : undefined)),
    ),
  );
  return sites.filter((_, index) => told[index]?.status === "rejected");
}
