import { type ReprotectRequest, reprotectName } from "../../functions/failover/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import { incidentIdOf } from "../sla/incident-state.ts";
import { nextStandby, type Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import { instanceStatus } from "./instance-status.ts";
import { readInstanceBooks } from "./site-books.ts";

export interface ReprotectWish {
  readonly reason: string;
  readonly subnetGroup?: string;
  readonly kmsKey?: string;
}

/** A new standby that could be begun now. */
export interface ReprotectPlan {
  /** Where it runs: the owner's site, or another whose ledger answers. */
  readonly region: string;
  readonly name: string;
  readonly request: ReprotectRequest;
  readonly seat: Seat;
}

/** Throws UserError: exit 2 if the fleet gives it no standby, 1 if somebody stands by or is at work. */
export async function planReprotect(
  access: Access,
  instance: Instance,
  wish: ReprotectWish,
): Promise<ReprotectPlan> {
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, instance.id));
  const plan = access.fleet.plans[instance.plan];
  if (!plan) throw new UserError(`the fleet has no plan '${instance.plan}'`);
  const now = access.clock.now();
  const status = instanceStatus(instance, plan, { ...asked, now, pacer: access.clock });
  const { roles, failover, reprotect } = status;
  const { id } = instance;
  if (!roles)
    throw new UserError(`${id}: no ledger that answers knows its roles; deploy the sites`);
  if (roles.standby) {
    const { database, region } = roles.standby;
    throw new UserError(`${id}: ${database} in ${region} stands by already; see sla status`, 1);
  }
  const atWork = failover ?? reprotect;
  if (atWork) throw new UserError(`${id}: ${atWork.execution} is running; see sla status`, 1);
  const seat = nextStandby(instance, roles);
  if (!seat) throw new UserError(`${id}: the fleet names no standby for it; see standby: there`);
  const answering = asked.books.map(({ region }) => region);
  const request: ReprotectRequest = {
    instance: id,
    incident: incidentIdOf(now.toISOString()),
    epoch: roles.epoch,
    trigger: "person",
    ...wish,
  };
  const digits = now.toISOString().replace(/[^0-9]/g, "");
  return {
    region: answering.includes(roles.owner) ? roles.owner : (answering[0] ?? roles.owner),
    name: `${reprotectName(request)}-p${digits}`,
    request,
    seat,
  };
}

interface HaltRecord {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** The last word of a reprotect that halted, as in its mail. */
export async function reprotectHaltLines(
  ledger: Ledger,
  request: ReprotectRequest,
): Promise<readonly string[]> {
  const key = keys.reprotect(request.instance, reprotectName(request), "halted");
  const found = (await ledger.read<HaltRecord>(key))?.value;
  if (!found) return [`it ended without a record: look at it in Step Functions`];
  const { code, message, next } = found;
  return [`halted: ${code}: ${message}`, "When the cause is gone, this goes on:", `  ${next}`];
}
