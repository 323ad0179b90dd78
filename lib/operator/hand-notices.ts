import { lambdaMessenger } from "../../functions/aws/lambda-messenger.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import {
  NOTICES_AT_ONCE,
  type Notice,
  type NotifyRequest,
} from "../../functions/notify/contract.ts";
import type { Access } from "./access.ts";

/** Hands notices to `sla-notify` of a site. */
export type Mails = (site: string, request: NotifyRequest) => Promise<void>;

export const lambdaMails =
  (clock: Clock): Mails =>
  (site, request) =>
    lambdaMessenger(clock, site).notify(request);

/**
 * By the control site, or the first other one that answers. Each site remembers what it has mailed to whom, so a repeat mails
 * what is missing. Resolves to how many nobody took.
 */
export async function handNotices(
  { fleet }: Pick<Access, "fleet">,
  mails: Mails,
  notices: readonly Notice[],
): Promise<number> {
  const sites = [...new Set([fleet.control, ...Object.keys(fleet.sites)])];
  let left = 0;
  for (let from = 0; from < notices.length; from += NOTICES_AT_ONCE) {
    const piece = notices.slice(from, from + NOTICES_AT_ONCE);
    if (!(await taken(sites, mails, { notices: piece }))) left += piece.length;
  }
  return left;
}

async function taken(sites: readonly string[], mails: Mails, request: NotifyRequest) {
  for (const site of sites) {
    const isTaken = await mails(site, request).then(
      () => true,
      () => false,
    );
    if (isTaken) return true;
  }
  return false;
}
