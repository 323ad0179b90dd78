import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { Seal } from "../../functions/report/contract.ts";
import { readSeal } from "../../functions/report/read-seal.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import type { Finding } from "./verify-day.ts";

/** A seal as it lies in a ledger. */
export interface Link {
  readonly day: string;
  readonly text: string;
  readonly seal: Seal;
}

const LANES = 16;

/** All seals of a site that can be read, oldest first. Rejects if its ledger does not answer. */
export async function chainOf(shelf: Shelf): Promise<readonly Link[]> {
  const days = (await shelf.list(prefixes.seals))
    .map(({ key }) => key.slice(prefixes.seals.length, -".json".length))
    .toSorted();
  const links = await inLanes(LANES, days, async (day) => {
    const text = await sealedText(shelf, keys.daySeal(day));
    const seal = text === undefined ? undefined : readSeal(text);
    return text === undefined || !seal ? [] : [{ day, text, seal }];
  });
  return links.flat();
}

/** Where seals do not hold each other, or are another site's. */
export const chainFindings = (site: string, chain: readonly Link[]): readonly Finding[] => [
  ...beginning(chain),
  ...strangers(site, chain),
  ...broken(chain),
];

/** The first seal of a site says that there was none before. */
function beginning([first]: readonly Link[]): readonly Finding[] {
  if (!first || first.seal.previous === null) return [];
  const { day } = first.seal.previous;
  return [
    { key: keys.daySeal(day), what: `is not there, though ${keys.daySeal(first.day)} names it` },
  ];
}

const strangers = (site: string, chain: readonly Link[]): readonly Finding[] =>
  chain
    .filter(({ seal }) => seal.site !== site)
    .map(({ day, seal }) => ({
      key: keys.daySeal(day),
      what: `says that it is of ${seal.site}, not of ${site}`,
    }));

function broken(chain: readonly Link[]): readonly Finding[] {
  return chain.slice(1).flatMap(({ day, seal }, index) => {
    const before = chain[index];
    const isNamed =
      seal.day === day &&
      seal.previous?.day === before?.day &&
      before !== undefined &&
      seal.previous?.sha256 === sha256(before.text);
    if (isNamed) return [];
    const what = `does not name ${keys.daySeal(before?.day ?? "")} as it is`;
    return [{ key: keys.daySeal(day), what }];
  });
}
