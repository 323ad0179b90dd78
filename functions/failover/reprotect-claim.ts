import type { Roles, Seat } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import { RECOVER_MACHINE } from "../recover/contract.ts";
import { holderOf, takeLock } from "./lock.ts";
import type { ReprotectBegun } from "./reprotect-case.ts";
import { OVERTAKEN, type ReprotectRequest } from "./reprotect-contract.ts";
import { rolesNow } from "./roles-now.ts";
import { type AssessWorld, type Here, instanceOf } from "./world.ts";

/**
 * The roles, if they are still those this was begun on, or those it has written itself. Otherwise somebody has
 * decided anew, a failover or a person, and this ends without a word.
 */
export async function rolesUnlessOvertaken(
  here: Here,
  { request, seat }: { readonly request: ReprotectRequest; readonly seat?: Seat },
): Promise<Roles> {
  const roles = await rolesNow(here, instanceOf(here, request.instance));
  if (roles.epoch === request.epoch || isOurs(roles, request, seat)) return roles;
  throw new SlaError(
    OVERTAKEN,
    "operator",
    `${request.instance}: begun on epoch ${request.epoch}, the roles are at epoch ${roles.epoch} since ${roles.since} by ${roles.by}`,
  );
}

const isOurs = ({ epoch, standby }: Roles, request: ReprotectRequest, seat: Seat | undefined) =>
  epoch === request.epoch + 1 &&
  seat !== undefined &&
  standby?.region === seat.region &&
  standby.database === seat.database;

/** Takes the lock of the instance, or renews it; gives way to a recovery, which begins its own when it is done. */
export async function lockFor(
  { ledgers, region, clock, executions }: AssessWorld,
  { request, execution }: ReprotectBegun,
): Promise<void> {
  const ledger = ledgers(region);
  try {
    await takeLock({ ledger, clock, executions }, request.instance, execution);
  } catch (cause) {
    const holder = await holderOf(ledger, request.instance);
    if (!holder?.includes(`:${RECOVER_MACHINE}:`)) throw cause;
    const message = `${request.instance}: ${holder} has the lock and brings it back`;
    throw new SlaError(OVERTAKEN, "operator", message, { cause });
  }
}

/** Who brings it back takes the lock from a reprotect, whatever that waits for: then this ends without a word. */
export async function lockStays(
  { ledgers, region }: Here,
  { request, execution }: ReprotectBegun,
): Promise<void> {
  const holder = await holderOf(ledgers(region), request.instance);
  if (holder === undefined || holder === execution) return;
  throw new SlaError(OVERTAKEN, "operator", `${request.instance}: ${holder} has the lock`);
}
