import { tellSites, wishAt } from "../../functions/download/dump-wish.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { FreshRequest } from "../../functions/reconcile/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { FreshStage } from "../sla/backups/fresh-stage.ts";
import { dumpedIn } from "../sla/dumps.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { frozenOf } from "./download.ts";
import { type FreshEyes, freshNow, isOver } from "./fresh-now.ts";
import { refuseLeft } from "./left.ts";
import { rolesOf } from "./roles-of.ts";

export interface FreshAsked {
  readonly request: FreshRequest;
  /** Somebody had asked before, and it is under way. */
  readonly isJoined: boolean;
  /** Where the dump is made. */
  readonly region: string;
  /** Sites that could not be told; they hear of it when somebody asks again. */
  readonly untold: readonly string[];
}

/** What is known of the dump of now that was asked for last. */
export interface FreshKnown {
  readonly request: FreshRequest;
  readonly stage: FreshStage;
  /** Where the dump is made. */
  readonly region: string;
}

/** Undefined where none was ever asked for. */
export async function lastFresh(
  access: Access,
  eyes: FreshEyes,
  { id }: Instance,
): Promise<FreshKnown | undefined> {
  const { region } = frozenOf(access);
  const entry = await access.ledgers(region).read<FreshRequest>(keys.fresh(id));
  if (!entry) return undefined;
  return { request: entry.value, stage: await freshNow(access, eyes, entry.value), region };
}

const ATTEMPTS = 5;

/**
 * A wish for a dump of now, in the books of all sites; the one that is under way if there is one. Throws UserError where the plan sells no
 * frozen copies, or the ledger that decides does not answer.
 */
export async function askFresh(
  access: Access,
  eyes: FreshEyes,
  instance: Instance,
  purpose?: FreshRequest["purpose"],
): Promise<FreshAsked> {
  const { region } = refuseUnsold(access, instance);
  const { id } = instance;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const ledger = access.ledgers(region);
    const entry = await ledger.read<FreshRequest>(keys.fresh(id));
    if (entry && !isOver(await freshNow(access, eyes, entry.value))) {
      return { ...(await toldTo(access, entry.value)), region, isJoined: true };
    }
    const request = await requestFor(access, id, purpose);
    const isOurs = entry
      ? await ledger.replace(keys.fresh(id), request, entry.tag)
      : await ledger.create(keys.fresh(id), request);
    if (isOurs) return { ...(await toldTo(access, request)), region, isJoined: false };
  }
  throw new UserError(`${id}: others ask for a fresh dump at the same moment: say it again`, 1);
}

function refuseUnsold({ fleet }: Access, instance: Instance) {
  const frozen = frozenOf({ fleet });
  if (dumpedIn(instance, fleet.plans[instance.plan], frozen) !== undefined) return frozen;
  throw new UserError(
    `--fresh: the plan '${instance.plan}' of ${instance.id} sells neither frozen copies nor downloads, or ${frozen.region} is not among its copies:, of which dumps are made; docs/plans.md says how`,
  );
}

async function requestFor(
  access: Access,
  instance: string,
  purpose: FreshRequest["purpose"],
): Promise<FreshRequest> {
  const roles = await rolesOf(access, instance);
  refuseLeft({ instance, roles });
  const { epoch } = roles;
  const wish = { instance, epoch, by: access.caller, ...(purpose && { purpose }) };
  return wishAt(access.clock.now(), wish);
}

const toldTo = async ({ ledgers, fleet }: Access, request: FreshRequest) => ({
  request,
  untold: await tellSites(ledgers, Object.keys(fleet.sites), request),
});
