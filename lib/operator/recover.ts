import { rdsKept } from "../../functions/aws/rds-kept.ts";
import type { Kept } from "../../functions/failover/ports.ts";
import { type RecoverRequest, recoverExecution } from "../../functions/recover/contract.ts";
import type { Entry } from "../../functions/watch/shard-state.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import { planOf } from "./consider.ts";
import { newRequest } from "./failover-request.ts";
import { instanceStatus, newestEntry } from "./instance-status.ts";
import { refuseLeft } from "./left.ts";
import { candidatesIn } from "./recover-candidates.ts";
import { chosenAmong } from "./recover-choice.ts";
import { continuedRecovery } from "./recover-continued.ts";
import { lacksIn } from "./recover-lacks.ts";
import { acceptedBy, type RecoverWish, recoveryPlaces, refuseElsewhere } from "./recover-wish.ts";
import type { ChosenRecovery, RecoveryPlan } from "./recovery-plan.ts";
import { describeSeats } from "./seats.ts";
import { readInstanceBooks } from "./site-books.ts";

/**
 * Reads all that is known of an instance, and what each region could bring it back from.
 *
 * @throws UserError where nothing can be restored, or not there, or not to that instant, or `continues` names nothing
 */
export async function planRecovery(
  access: Access,
  instance: Instance,
  wish: RecoverWish,
  keptIn: (region: string) => Kept = (region) => rdsKept(access.clock, region),
): Promise<RecoveryPlan> {
  const { fleet, clock, registry } = access;
  refuseElsewhere(wish, instance, fleet);
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, instance.id));
  const now = clock.now();
  const plan = planOf(access, instance);
  const status = instanceStatus(instance, plan, { ...asked, now, pacer: clock });
  refuseLeft(status);
  const { roles } = status;
  if (!roles) {
    throw new UserError(`${instance.id}: no ledger that answers knows its roles; deploy the sites`);
  }
  const unheard = asked.unanswered.map(({ region }) => region);
  const entry = newestEntry(instance.id, asked.books)?.entry;
  const known = { instance, roles, unheard };
  const choose = (request: RecoverRequest, to = wish.to) =>
    anew(known, request, keptIn, { fleet, ...(to !== undefined && { to }) });
  const [begun, seats] = await Promise.all([
    wish.continues === undefined
      ? choose(newRecovery(instance.id, wish, { roles, entry, now }))
      : continuedRecovery(access, instance.id, { ...wish, continues: wish.continues }, choose),
    describeSeats(registry, roles),
  ]);
  const { region } = begun.chosen;
  return {
    ...{ status, plan, seats, now, pacer: clock, instance, roles, ...begun },
    ...{ region, lacks: await lacksIn(access, region, instance) },
    name: recoverExecution(begun.request, now),
    lostUntil: lostUntil(begun.request, entry, now),
  };
}

async function anew(
  known: Pick<RecoveryPlan, "instance" | "roles"> & { readonly unheard: readonly string[] },
  request: RecoverRequest,
  keptIn: (region: string) => Kept,
  { fleet, to }: Pick<Access, "fleet"> & { readonly to?: string },
): Promise<ChosenRecovery> {
  const { instance, roles, unheard } = known;
  const { at } = request.recovery;
  const places = recoveryPlaces(instance, fleet);
  const { found, silent, oldest } = await candidatesIn(keptIn, {
    ...{ instance, roles },
    regions: places.filter((region) => !unheard.includes(region)),
    ...(at !== undefined && { at }),
  });
  const unanswered = [...unheard, ...silent];
  const choice = chosenAmong(found, {
    ...{ instance: instance.id, places, silent: unanswered },
    ...(at !== undefined && { at }),
    ...(to !== undefined && { to }),
    ...(oldest !== undefined && { oldest }),
  });
  return { request, ...choice, candidates: found, silent: unanswered };
}

interface Now {
  readonly roles: Roles;
  readonly entry: Entry | undefined;
  readonly now: Date;
}

function newRecovery(
  instance: string,
  wish: RecoverWish,
  { roles, entry, now }: Now,
): RecoverRequest {
  const plain = { instance, reason: wish.reason, force: false, evenIfAlive: false };
  return {
    ...newRequest(plain, roles, entry, now),
    trigger: "person",
    ...acceptedBy(wish),
    recovery: wish.at === undefined ? {} : { at: wish.at },
  };
}

/** A primary that is gone has taken nothing since; one that lives goes on until it is fenced. */
function lostUntil(request: RecoverRequest, entry: Entry | undefined, now: Date): string {
  const incident = entry?.incident;
  const isGone = incident?.kind === "down" && !incident.told.includes("application-down");
  return isGone || request.continues !== undefined ? request.firstBadAt : now.toISOString();
}
