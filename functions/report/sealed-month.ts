import type { Fleet } from "../../lib/sla/fleet.ts";
import { mirrorOf } from "../../lib/sla/mirror.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import type { Shelf } from "./answering.ts";
import { dayOf, dayStart, lastDayOf, nextDay } from "./days.ts";
import { formerSites } from "./former-sites.ts";
import { sealedShelves } from "./sealed-shelves.ts";

/** What a month can be settled by. */
export interface SealedMonth {
  /** None where all sites began later. */
  readonly shelves: readonly Shelf[];
  /** The UTC day that all of them have sealed: the month's last, or the one after. */
  readonly through: string;
}

/**
 * All sites' ledgers, once they have sealed the month's last UTC day; the day after it as well, on which the month ends in the west, if
 * they have. Who began on that day watched nothing of the month. Rejects with `NotSealedYet` before, and with `CloudUnreachable` while one of them is lost.
 */
export async function sealedMonth(
  month: string,
  fleet: Fleet,
  ledgers: Ledgers,
): Promise<SealedMonth> {
  const last = lastDayOf(month);
  const sealed = await sealedThrough(last, month, fleet, ledgers);
  if (sealed.shelves.length === 0) return sealed;
  try {
    return await sealedThrough(nextDay(last), month, fleet, ledgers);
  } catch (cause) {
    if (cause instanceof SlaError && cause.code === "NotSealedYet") return sealed;
    throw cause;
  }
}

async function sealedThrough(
  lastDay: string,
  month: string,
  fleet: Fleet,
  ledgers: Ledgers,
): Promise<SealedMonth> {
  const sites = Object.keys(fleet.sites);
  const places = sites.map((site) => ({ site, mirror: mirrorOf(site, fleet) }));
  const shelves = await sealedShelves(places, { ledgers, lastDay });
  if (shelves.length === 0) return { shelves, through: lastDay };
  const keepers = sites.map((name) => ({ name, shelf: ledgers(name) }));
  const first = dayOf(dayStart(`${month}-01`) - 1);
  const former = await formerSites(sites, keepers, [first, lastDay]);
  return { shelves: [...shelves, ...former.map(({ shelf }) => shelf)], through: lastDay };
}
