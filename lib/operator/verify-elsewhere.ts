import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { FrozenSeals } from "../../functions/report/contract.ts";
import { dayStart, nextDay } from "../../functions/report/days.ts";
import type { Link } from "./verify-chain.ts";
import type { Finding } from "./verify-day.ts";

/** What other places have of a site's seals; undefined: nobody could look. */
export interface Elsewhere {
  readonly frozen: FrozenSeals | undefined;
  /** By day. */
  readonly mirrored: ReadonlyMap<string, string> | undefined;
}

const LANES = 16;

/** What a ledger of others keeps of the seals of these days; undefined if none does. */
export async function mirroredSeals(
  site: string,
  wanted: readonly string[],
  others: readonly Shelf[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const prefix = keys.mirror(site, prefixes.seals);
  for (const shelf of others) {
    const listed = new Set((await shelf.list(prefix)).map(({ key }) => key));
    if (listed.size === 0) continue;
    const texts = await inLanes(LANES, wanted, async (day) => {
      const key = keys.mirror(site, keys.daySeal(day));
      const text = listed.has(key) ? await shelf.text(key) : undefined;
      return text === undefined ? [] : [[day, text] as const];
    });
    return new Map(texts.flat());
  }
  return undefined;
}

/** So long it may take until a seal lies elsewhere, in ms. */
const CARRYING_MS = 2 * 86_400_000;

/** Seals that are not in the frozen bucket after their time, and those that are others there or in another ledger. */
export const elsewhereFindings = (
  sealed: readonly Link[],
  { frozen, mirrored }: Elsewhere,
  now: Date,
): readonly Finding[] => [
  ...(frozen ? absent(sealed, frozen, now) : []),
  ...sealed.flatMap(({ day, text }) => [
    ...differing(day, text, frozen?.[day], "in the frozen bucket"),
    ...differing(day, text, mirrored?.get(day), "in the other ledger"),
  ]),
];

const absent = (sealed: readonly Link[], cold: FrozenSeals, now: Date): readonly Finding[] =>
  sealed
    .filter(({ day }) => dayStart(nextDay(day)) + CARRYING_MS < now.getTime())
    .filter(({ day }) => cold[day] === undefined || cold[day] === null)
    .map(({ day }) => ({ key: keys.daySeal(day), what: "does not lie in the frozen bucket" }));

/** What was not carried there yet is no finding: it is owed. */
const differing = (
  day: string,
  text: string,
  other: string | null | undefined,
  where: string,
): readonly Finding[] =>
  other === undefined || other === null || other === text
    ? []
    : [{ key: keys.daySeal(day), what: `is not what lies ${where}` }];
