import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FrozenSeals, SealsQuestion } from "./contract.ts";

const LANES = 16;

/** The seals of a site as the frozen bucket has them, which lets in nobody but those who put them there. */
export async function shownSeals(
  vault: Pick<Ledger, "text"> | undefined,
  site: string,
  { frozenSeals: days }: SealsQuestion,
): Promise<FrozenSeals> {
  if (!vault) return {};
  const texts = await inLanes(LANES, days, async (day) => {
    const text = await vault.text(keys.frozenSeal(site, day));
    return [day, text ?? null] as const;
  });
  return Object.fromEntries(texts);
}
