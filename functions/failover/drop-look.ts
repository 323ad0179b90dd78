import { keepsBinaryLogs } from "../../lib/sla/engine.ts";
import type { Roles, Seat } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Storage } from "../sql/contract.ts";
import { type Ruling, rule, type Sights } from "./drop-rules.ts";
import { halt, isHalt, isSilence } from "./errors.ts";
import { sourceName } from "./follows.ts";
import { releaseLock } from "./lock.ts";
import type { Dropping, ReprotectBegun } from "./reprotect-case.ts";
import { lockFor } from "./reprotect-claim.ts";
import { OVERTAKEN } from "./reprotect-contract.ts";
import { owedStill } from "./reprotect-ready.ts";
import { rolesByOwner } from "./roles-now.ts";
import type { Taken } from "./step.ts";
import { ask, sqlTarget } from "./targets.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/**
 * The second look at a standby that is to be given up, under the lock of the instance. It never waits: a failover may
 * be due any moment, and whatever does not lead on lets the lock go first.
 */
export async function dropLook(
  world: AssessWorld,
  begun: ReprotectBegun,
): Promise<Taken<ReprotectBegun>> {
  const { request, execution } = begun;
  if (!request.drop) return { next: begun, detail: "nobody is to be given up" };
  try {
    const dropping = await underLock(world, begun);
    const { database, region } = dropping.seat;
    return {
      next: { ...begun, dropping },
      detail: `${database} in ${region} is given up: ${dropping.found}`,
    };
  } catch (cause) {
    await releaseLock(world.ledgers(world.region), request.instance, execution, world.clock.now());
    throw endOf(begun, cause);
  }
}

/** The watch looks again in an hour; a person is told. */
function endOf({ request }: ReprotectBegun, cause: unknown): unknown {
  const { code = "", message } = cause as { readonly code?: string; readonly message: string };
  const isLocked = code === "HaltLocked";
  if (request.drop?.belowPercent !== undefined && (isSilence(cause) || isLocked)) {
    return new SlaError(OVERTAKEN, "operator", message, { cause });
  }
  if (!isSilence(cause) || isHalt(cause)) return cause;
  return new SlaError("HaltDropRefused", "operator", message, { cause });
}

async function underLock(world: AssessWorld, begun: ReprotectBegun): Promise<Dropping> {
  const { request } = begun;
  const instance = instanceOf(world, request.instance);
  await lockFor(world, begun);
  const before = await rolesByOwner(world, instance);
  if (before.epoch !== request.epoch) {
    overtaken(`${instance.id}: looked at under epoch ${request.epoch}, it is ${before.epoch}`);
  }
  // Failovers take the lock in their owner's site.
  if (before.owner !== world.region) {
    halt("HaltDropRefused", `${instance.id} is owned by ${before.owner}: begin it there`);
  }
  const seat = before.standby ?? halt("HaltDropRefused", `${instance.id}: nobody stands by`);
  const owed = await owedStill(world, { request, seat, before });
  const ruling: Ruling = owed
    ? { kind: "spare", because: `${owed.kind} is owed since ${owed.since}` }
    : rule(request.drop ?? {}, await sightsOf(world, request.instance, before, seat));
  const found = `${seat.database}: ${ruling.because}`;
  if (ruling.kind === "halt") halt(ruling.code, found);
  if (ruling.kind === "spare") spare(begun, found);
  return { seat, before, found: ruling.because };
}

const overtaken = (message: string): never => {
  throw new SlaError(OVERTAKEN, "operator", message);
};

const spare = ({ request }: ReprotectBegun, found: string): never =>
  request.trigger === "watch" ? overtaken(`spared: ${found}`) : halt("HaltDropRefused", found);

async function sightsOf(
  world: AssessWorld,
  id: string,
  { primary }: Roles,
  seat: Seat,
): Promise<Sights> {
  const { registry, fleet } = world;
  const instance = instanceOf(world, id);
  const [state, standby, primarySays, standbySays] = await Promise.all([
    registry.describe(primary),
    registry.describe(seat),
    ask(world, instance, primary),
    ask(world, instance, seat),
  ]);
  const target = state && sqlTarget(instance, state);
  const asked = target && (await storageOf(world, primary, target));
  return {
    ...(state && { primary: state }),
    ...(standby && { standby }),
    ...(asked && { storage: asked }),
    primarySays,
    standbySays,
    sourceName: sourceName(fleet, primary, seat),
    byApplied: keepsBinaryLogs(instance.database.engine),
  };
}

async function storageOf(
  { sql }: AssessWorld,
  { region }: Seat,
  target: NonNullable<ReturnType<typeof sqlTarget>>,
): Promise<Storage | undefined> {
  const said = await sql.ask<Storage>(region, { operation: "storage", targets: [target] });
  return said.ok ? said.value : undefined;
}
