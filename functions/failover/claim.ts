import type { Roles } from "../../lib/sla/roles.ts";
import { type Debt, type FenceDebt, isFence } from "./debt.ts";

/** Plan seconds between two looks at a fence that is paid. */
const LOOK_AGAIN_SECONDS = 86_400;
/** While its sessions may be open: with every round. */
const SEVER_AGAIN_SECONDS = 0;
/** While nobody could look through its database: a region's servers come back later than its API. */
const SEARCH_AGAIN_SECONDS = 600;
/** While tables of it cannot be read: until a person has granted that, or gives it up. */
const READ_AGAIN_SECONDS = 3600;

export interface Instant {
  readonly now: Date;
  paced(seconds: number): number;
}

/** Whether this site has something to do about the debt in this round. */
export function isDue(debt: Debt, site: string, instant: Instant): boolean {
  return debt.state === "owed" || isUntold(debt, site) || isToBeLookedAt(debt, instant);
}

/** A mail that this site has to hand over and has not. */
export const isUntold = ({ mail }: Debt, site: string) =>
  mail?.by === site && mail.toldAt === undefined;

/** A fence that was paid a day ago: groups can be changed by anybody with the right to. */
export function isToBeLookedAt(debt: Debt, { now, paced }: Instant): boolean {
  const { state, lookedAt } = debt;
  if (!isFence(debt) || state !== "paid" || lookedAt === undefined) return false;
  return now.getTime() - Date.parse(lookedAt) >= paced(betweenLooks(debt));
}

function betweenLooks({ unsevered, unsearched }: FenceDebt): number {
  if (unsevered) return SEVER_AGAIN_SECONDS;
  if (unsearched === "in part") return READ_AGAIN_SECONDS;
  return unsearched === true ? SEARCH_AGAIN_SECONDS : LOOK_AGAIN_SECONDS;
}

/**
 * What the newest roles say of a database that was to be fenced. `undecided`: its failover has not come so
 * far, or was given up. `seated`: it has a part again and must not be touched. `old`: nobody's any more.
 */
export type Claim = "undecided" | "seated" | "old";

export function claimOn({ region, database, epoch }: FenceDebt, roles: Roles): Claim {
  if (roles.epoch <= epoch) return "undecided";
  const seats = roles.standby ? [roles.primary, roles.standby] : [roles.primary];
  return seats.some((seat) => seat.region === region && seat.database === database)
    ? "seated"
    : "old";
}
