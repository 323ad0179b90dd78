import type { Instant } from "./claim.ts";
import { type Debt, isFence } from "./debt.ts";

/** Silent servers that a site asks in one round: each costs it seconds of waiting for a connection. */
export const SILENT_AT_ONCE = 40;
const ROUND_SECONDS = 60;

/**
 * What a site does in this round of what is due: all that can be paid, and a bounded number of fences whose servers do
 * not answer, others with every round, and others than its neighbours.
 *
 * @param site number of the site, from 0
 */
export function shareOf<D extends Debt>(
  due: readonly D[],
  site: number,
  { now, paced }: Instant,
): readonly D[] {
  const silent = due.filter(isSilent);
  const rest = due.filter((debt) => !isSilent(debt));
  if (silent.length <= SILENT_AT_ONCE) return [...rest, ...silent];
  const round = Math.floor(now.getTime() / paced(ROUND_SECONDS));
  const first = ((round + site) * SILENT_AT_ONCE) % silent.length;
  return [...rest, ...[...silent, ...silent].slice(first, first + SILENT_AT_ONCE)];
}

const isSilent = (debt: Debt) =>
  isFence(debt) && debt.state === "paid" && debt.unsevered === true && !isOwedMail(debt);

const isOwedMail = ({ mail }: Debt) => mail !== undefined && mail.toldAt === undefined;
