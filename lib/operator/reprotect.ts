import {
  type ReprotectRequest,
  reprotectName,
} from "../../functions/failover/reprotect-contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import { incidentIdOf } from "../sla/incident-state.ts";
import { nextStandby, type Roles, type Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import type { Halt } from "./ending.ts";
import { type InstanceStatus, instanceStatus } from "./instance-status.ts";
import { refuseLeft } from "./left.ts";
import { readInstanceBooks } from "./site-books.ts";

export interface ReprotectWish {
  readonly reason: string;
  readonly subnetGroup?: string;
  readonly kmsKey?: string;
  /** Gives up whoever stands by first; `even-if-streaming`: also one that is in order. */
  readonly drop?: "unless-streaming" | "even-if-streaming";
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
  { drop, ...wish }: ReprotectWish,
): Promise<ReprotectPlan> {
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, instance.id));
  const plan = access.fleet.plans[instance.plan];
  if (!plan) throw new UserError(`the fleet has no plan '${instance.plan}'`);
  const now = access.clock.now();
  const status = instanceStatus(instance, plan, { ...asked, now, pacer: access.clock });
  const { id } = instance;
  refuseLeft(status);
  const roles = free(status, drop);
  const seat = nextStandby(instance, drop ? { ...roles, epoch: roles.epoch + 1 } : roles);
  if (!seat) throw new UserError(`${id}: the fleet names no standby for it; see standby: there`);
  const answering = asked.books.map(({ region }) => region);
  const request: ReprotectRequest = {
    instance: id,
    incident: incidentIdOf(now.toISOString()),
    epoch: roles.epoch,
    trigger: "person",
    ...wish,
    ...(drop && { drop: drop === "even-if-streaming" ? { evenIfStreaming: true } : {} }),
  };
  const digits = now.toISOString().replace(/[^0-9]/g, "");
  return {
    region: drop ? ownersSite(roles, answering) : anySite(roles, answering),
    name: `${reprotectName(request)}${drop ? "-drop" : ""}-p${digits}`,
    request,
    seat,
  };
}

const anySite = ({ owner }: Roles, answering: readonly string[]): string =>
  answering.includes(owner) ? owner : (answering[0] ?? owner);

function ownersSite({ owner, instance }: Roles, answering: readonly string[]): string {
  if (answering.includes(owner)) return owner;
  throw new UserError(
    `${instance}: its owner ${owner} does not answer, and only there failovers see that its standby is given up`,
    1,
  );
}

/** The roles, if nobody is at work on them and they are as the wish needs them. */
function free(status: InstanceStatus, drop: ReprotectWish["drop"]): Roles {
  const { instance: id, roles, failover, recovery, reprotect } = status;
  if (!roles)
    throw new UserError(`${id}: no ledger that answers knows its roles; deploy the sites`);
  const refusal = drop ? undroppable(status, drop) : alreadyThere(roles);
  if (refusal !== undefined) throw new UserError(`${id}: ${refusal}`, 1);
  const atWork = failover ?? recovery ?? reprotect;
  if (atWork) throw new UserError(`${id}: ${atWork.execution} is running; see sla status`, 1);
  return roles;
}

const alreadyThere = ({ standby }: Roles): string | undefined =>
  standby && `${standby.database} in ${standby.region} stands by already; see sla status`;

/** The machine looks again; this only saves a person the wait. */
function undroppable(
  { roles, redundancy, incident }: InstanceStatus,
  drop: NonNullable<ReprotectWish["drop"]>,
): string | undefined {
  if (!roles?.standby) return "nobody stands by: leave --drop-standby out";
  if (incident) return "an incident is open, it may need its standby; see sla status";
  if (redundancy !== "streaming" || drop === "even-if-streaming") return undefined;
  const { database, region } = roles.standby;
  return `${database} in ${region} streams: without it nothing stands by for hours; --even-if-streaming gives it up all the same`;
}

interface HaltRecord {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** What a reprotect that halted left, with the command that goes on; undefined if it left nothing. */
export async function reprotectHalt(
  ledger: Ledger,
  request: ReprotectRequest,
): Promise<Halt | undefined> {
  const { instance, epoch, drop } = request;
  // Once a standby is given up, the next epoch is at work.
  const epochs = drop ? [epoch + 1, epoch] : [epoch];
  const read = (at: number) =>
    ledger.read<HaltRecord>(
      keys.reprotect(instance, reprotectName({ ...request, epoch: at }), "halted"),
    );
  const found = (await Promise.all(epochs.map(read))).find((each) => each)?.value;
  if (!found) return undefined;
  const { code, message, next: command } = found;
  return { code, message, next: { why: "When the cause is gone, this goes on:", command } };
}

/** The last word of a reprotect that halted, as in its mail. */
export function reprotectHaltLines(halt: Halt | undefined): readonly string[] {
  if (!halt) return [`it ended without a record: look at it in Step Functions`];
  const { code, message, next } = halt;
  return [`halted: ${code}: ${message}`, next.why, `  ${next.command}`];
}
