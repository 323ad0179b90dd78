import { inLanes } from "../kernel/lanes.ts";
import { frozenSeals, keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FrozenSeals, SealsQuestion } from "./contract.ts";

const LANES = 16;

/** The seals of a site as the frozen bucket has them, which lets in nobody but those who put them there. */
export async function shownSeals(
  vault: Pick<Ledger, "list" | "text"> | undefined,
  site: string,
  { frozenSeals: days }: SealsQuestion,
): Promise<FrozenSeals> {
  if (!vault) return {};
  // Of a key that is not there S3 would say 403 to whoever may not list all of the bucket.
  const listed = new Set((await vault.list(frozenSeals(site))).map(({ key }) => key));
  const texts = await inLanes(LANES, days, async (day) => {
    const key = keys.frozenSeal(site, day);
    const text = listed.has(key) ? await vault.text(key) : null;
    return [day, text ?? null] as const;
  });
  return Object.fromEntries(texts);
}
