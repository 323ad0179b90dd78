import { isRegional } from "../../lib/sla/clusters.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Admitted, Begun, Fit, RolesWithStandby } from "./case.ts";
import {
  ALREADY_UNDER_WAY,
  executionPrefix,
  type FailoverRequest,
  type HaltCode,
} from "./contract.ts";
import { cooldownOf } from "./cooldown.ts";
import { halt, haltUnlessAccepted, notYet } from "./errors.ts";
import { fitAgain } from "./fit-again.ts";
import { folderOf, nameOf } from "./folder.ts";
import { heldByMaintenance } from "./held.ts";
import { holderOf, takeLock } from "./lock.ts";
import { staysIn } from "./members.ts";
import { startedNotice } from "./notices.ts";
import { asksFirst } from "./person.ts";
import { isPlanned, plannedLook } from "./planned.ts";
import type { PromoteIntent } from "./promote-intent.ts";
import { rolesNow } from "./roles-now.ts";
import { lookFrom } from "./sight.ts";
import type { Taken } from "./step.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/** A second look older than this is repeated. */
const FRESH_SECONDS = 30;

/** One failover at a time, on the newest roles, of an instance that really is down. */
export async function admit(world: AssessWorld, begun: Begun): Promise<Taken<Admitted>> {
  const { request } = begun;
  const instance = instanceOf(world, request.instance);
  await lockUnlessUnderWay(world, begun);
  await refuseDone(world, request);
  const [roles, looked] = await Promise.all([
    rolesNow(world, instance),
    secondLook(world, instance, request),
  ]);
  const id = folderOf(begun);
  const before = await rolesBefore(world, request, { roles, id, instance });
  const held = await heldByMaintenance(world, instance, request, roles);
  const remarks = [cooledDown(world, request, roles), wasStreaming(request), held, looked].join("");
  await world.ledgers(world.region).create(keys.failover(instance.id, id, "admit"), before);
  const lookedAt = world.clock.now().toISOString();
  await world.messenger.notify(
    startedNotice(begun, before, lookedAt, asksFirst(instance, request)),
  );
  return {
    next: { ...begun, id, before, lookedAt },
    detail: `admitted on epoch ${before.epoch}: ${before.primary.region} → ${staysIn(before) ? "another member of its cluster" : before.standby.region}${remarks}`,
  };
}

/** After an approval that may have taken long: still ours, still the newest roles, still down, still fit? */
export async function admitAgain(world: AssessWorld, fit: Fit): Promise<Taken<Fit>> {
  const { request, before } = fit;
  const instance = instanceOf(world, request.instance);
  await lock(world, fit);
  const roles = await rolesNow(world, instance);
  if (roles.epoch !== before.epoch)
    await rolesBefore(world, request, { roles, id: fit.id, instance });
  const age = world.clock.now().getTime() - Date.parse(fit.lookedAt);
  if (age <= world.clock.paced(FRESH_SECONDS)) return { next: fit, detail: "admitted again" };
  const remark = await secondLook(world, instance, request);
  const lookedAt = world.clock.now().toISOString();
  const again = await fitAgain(world, fit);
  return {
    next: { ...again.next, lookedAt },
    detail: `admitted again after a new look${remark}${again.detail}`,
  };
}

const lock = ({ ledgers, region, clock, executions }: AssessWorld, { request, execution }: Begun) =>
  takeLock({ ledger: ledgers(region), clock, executions }, request.instance, execution);

/**
 * Two sites may name one failure differently, each by the first round it saw. The one that comes second is no news,
 * and needs nobody; a person who begins one is told.
 */
async function lockUnlessUnderWay(world: AssessWorld, begun: Begun): Promise<void> {
  try {
    await lock(world, begun);
  } catch (cause) {
    if (!isLocked(cause)) throw cause;
    const { request } = begun;
    const holder = await holderOf(world.ledgers(world.region), request.instance);
    const isSame =
      holder !== undefined &&
      // A lock that we have, and cannot read for now, is nobody else's.
      holder !== begun.execution &&
      nameOf(holder).startsWith(executionPrefix(request));
    if (request.trigger !== "watch" || !isSame || !(await world.executions.isRunning(holder))) {
      throw cause;
    }
    const message = `${request.instance}: already being failed over by ${nameOf(holder)}`;
    throw new SlaError(ALREADY_UNDER_WAY, "operator", message, { cause });
  }
}

const isLocked = (cause: unknown) =>
  cause instanceof SlaError && cause.code === ("HaltLocked" satisfies HaltCode);

interface Known {
  readonly roles: Roles;
  readonly id: string;
  readonly instance: Instance;
}

/** The roles this failover starts from; those of another epoch are someone else's decision. */
async function rolesBefore(
  { ledgers, region }: AssessWorld,
  request: FailoverRequest,
  { roles, id, instance }: Known,
): Promise<RolesWithStandby> {
  if (roles.epoch === request.epoch) return withStandby(roles, instance);
  const begun = request.continues
    ? (await ledgers(region).read<RolesWithStandby>(keys.failover(roles.instance, id, "admit")))
        ?.value
    : undefined;
  if (begun && roles.epoch === begun.epoch + 1 && isSeat(roles, begun)) return begun;
  return halt(
    "HaltEpoch",
    `${roles.instance}: asked for on epoch ${request.epoch}, the roles are at epoch ${roles.epoch} since ${roles.since} by ${roles.by}`,
  );
}

const isSeat = ({ primary }: Roles, { standby }: RolesWithStandby) =>
  primary.region === standby.region && primary.database === standby.database;

/** In a cluster of one region the seat stays what it is: another member takes it. */
function withStandby(roles: Roles, instance: Instance): RolesWithStandby {
  const { primary, standby = isRegional(instance) ? primary : undefined } = roles;
  if (standby) return { ...roles, standby };
  return halt("HaltNoStandby", `${roles.instance} has no standby at epoch ${roles.epoch}`);
}

function cooledDown({ clock }: AssessWorld, request: FailoverRequest, roles: Roles): string {
  // Flapping loses data each time; a planned failover loses none.
  if (isPlanned(request)) return "";
  const { byFailover, at, over } = cooldownOf(roles, clock);
  if (request.continues || !byFailover || clock.now().getTime() >= over) return "";
  return haltUnlessAccepted(
    request,
    "HaltCooldown",
    `${roles.instance} was failed over at ${at}; by itself it is not again before ${new Date(over).toISOString()}`,
  );
}

function wasStreaming(request: FailoverRequest): string {
  if (isPlanned(request) || request.lastSeen?.streaming !== false) return "";
  return haltUnlessAccepted(
    request,
    "HaltNotStreaming",
    `${request.instance}: in the last good round the standby was not streaming`,
  );
}

async function secondLook(
  world: AssessWorld,
  instance: Instance,
  request: FailoverRequest,
): Promise<string> {
  const { vantages, fleet } = world;
  const look = await lookFrom(vantages, fleet, instance);
  const { verdict, said } = look;
  if (verdict === "down" && !isPlanned(request)) return "";
  const seen = JSON.stringify(said);
  // Halfway through there is no way back, whatever the vantages see now.
  if (await wasPromotionAsked(world, request)) return `; seen now: ${seen}`;
  if (isPlanned(request)) return plannedLook(instance.id, look);
  if (verdict === "unknown") return notYet(`${instance.id}: no majority sees it down now: ${seen}`);
  return haltUnlessAccepted(request, "HaltRecovered", `${instance.id} answers again: ${seen}`);
}

/** A command that is pasted twice would be told as a failover that took until now. */
async function refuseDone({ ledgers, region }: AssessWorld, request: FailoverRequest) {
  const { instance, continues } = request;
  if (continues === undefined) return;
  const record = await ledgers(region).read(keys.failover(instance, continues, "record"));
  if (record)
    halt("HaltEpoch", `${instance}: failover ${continues} is done, nothing of it is left`);
}

/** By the failover that this one goes on with. One that stopped before it gave its primary back. */
async function wasPromotionAsked(
  { ledgers, region }: AssessWorld,
  { instance, continues }: FailoverRequest,
): Promise<boolean> {
  if (continues === undefined) return false;
  const key = keys.failover(instance, continues, "promote");
  return (await ledgers(region).read<PromoteIntent>(key))?.value.state === "asked";
}
