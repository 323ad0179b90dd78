import type { Instance } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import { haltIfBusyForLong } from "./busy-standby.ts";
import type { Examined, Fit } from "./case.ts";
import { type CaughtUp, caughtUp } from "./catch-up.ts";
import { halt, haltUnlessAccepted } from "./errors.ts";
import { hasOnly } from "./fence-groups.ts";
import { refuseLiveHeart, silentHeart } from "./heartbeat.ts";
import { type LossLimit, lossLimit } from "./loss-limit.ts";
import { lossBound } from "./measure.ts";
import { fitMembers } from "./member-preflight.ts";
import { staysIn } from "./members.ts";
import { bothAlive, isPlanned } from "./planned.ts";
import { awaited, type Sight } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import { wasAsked } from "./promote-intent.ts";
import type { Taken } from "./step.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/** Everything that could refuse later is asked now: a refusal after the fence would leave no primary. */
export async function preflight(world: AssessWorld, examined: Examined): Promise<Taken<Fit>> {
  const { request, before } = examined;
  const instance = instanceOf(world, request.instance);
  if (staysIn(before)) return fitMembers(world, examined, instance);
  if (!world.fleet.sites[before.primary.region]?.quarantineGroup) {
    halt("HaltSiteUnknown", `${before.primary.region}: the fleet names no quarantine group there`);
  }
  const standby = await fitStandby(world, examined);
  const { beat, words } = isPlanned(request)
    ? { ...(await comfortable(world, instance, examined, standby)), words: "both sides answer" }
    : await hopeless(world, instance, examined, standby);
  return {
    next: {
      ...examined,
      backupRetentionDays: standby.backupRetentionDays,
      ...(beat !== undefined && { standbyBeat: beat }),
    },
    detail: `fit: ${before.standby.database} is ${standby.status}, ${words}`,
  };
}

/** Whoever has time does not move to where backups would begin with an outage. */
function comfortable(
  world: AssessWorld,
  instance: Instance,
  examined: Examined,
  { backupRetentionDays, source }: DatabaseState,
) {
  const { database } = examined.before.standby;
  if (backupRetentionDays === 0 && source !== undefined) {
    halt("HaltStandbyUnfit", `${database} keeps no backups: turn them on before it takes over`);
  }
  return bothAlive(world, instance, examined);
}

/** The primary gives no sign of life, and what promoting loses is allowed. */
async function hopeless(
  world: AssessWorld,
  instance: Instance,
  examined: Examined,
  standby: DatabaseState,
) {
  const heart = await silentHeart(world, instance, examined, standby);
  const alive = await refuseLiveHeart(world, instance, examined);
  const isBehind = (found: string | undefined) => behind(world, examined, instance, found);
  const isWaited = !examined.request.accept?.includes("HaltBehind") && isBehind(heart.beat);
  const { beat, left }: CaughtUp = isWaited
    ? await caughtUp(world, instance, examined, standby, (found) => isBehind(found) !== undefined)
    : heart;
  const remarks = [heart.remark, alive, notBehind(examined, isBehind(beat), left)].join("");
  return { beat, words: `heartbeat silent since ${beat ?? "ever"}${remarks}` };
}

/** A backup or a change of the standby passes: it is waited for before anything is touched. */
const fitStandby = (world: AssessWorld, examined: Examined): Promise<DatabaseState> =>
  awaited(world.clock, async (): Promise<Sight<DatabaseState>> => {
    const state = await unbroken(world, examined);
    if (state.status === "available") return { seen: state };
    const { standby } = examined.before;
    haltIfBusyForLong(world.clock, examined, standby, state.status);
    return { missing: `${standby.database} is ${state.status}` };
  });

async function unbroken(world: AssessWorld, examined: Examined): Promise<DatabaseState> {
  const { primary, standby } = examined.before;
  const state = await world.registry.describe(standby);
  if (!state)
    return halt("HaltNoStandby", `${standby.database} does not exist in ${standby.region}`);
  if (state.source === undefined && !(await wasAsked(world, examined))) {
    halt("HaltStandbyUnfit", `${standby.database} is no replica: somebody else promoted it`);
  }
  if (state.replication.includes("terminated")) {
    halt("HaltStandbyUnfit", `${standby.database}: replication was terminated; restore a backup`);
  }
  if (state.source !== undefined && !isNameOf(state.source, primary)) {
    halt(
      "HaltStandbyUnfit",
      `${standby.database} follows ${state.source}, not ${primary.database} in ${primary.region}`,
    );
  }
  if (hasOnly(state, [world.fleet.sites[standby.region]?.quarantineGroup ?? ""])) {
    halt("HaltStandbyUnfit", `${standby.database} is in quarantine: no client would get in`);
  }
  return state;
}

/** RDS names a source in another region by its ARN, one in the same by its identifier. */
function isNameOf(source: string, { region, database }: Seat): boolean {
  const [name, , , there = region] = source.split(":").toReversed();
  return name === database && there === region;
}

interface Behind {
  readonly message: string;
  readonly limit: LossLimit;
}

/** The plan's RPO, or what a person allows, against the bound of what promoting loses; undefined: within it. */
function behind(
  { fleet, clock }: AssessWorld,
  { request, evidence }: Examined,
  instance: Instance,
  beat: string | undefined,
): Behind | undefined {
  const limit = lossLimit(request, fleet.plans[instance.plan]);
  if (limit === undefined) return undefined;
  if (beat === undefined) {
    const message = `${instance.id}: the standby never showed a heartbeat, so nobody knows what promoting it loses`;
    return { limit, message };
  }
  const lostMs = (lossBound({ request, evidence, standbyBeat: beat }) ?? 0) * 1000;
  if (lostMs <= clock.paced(limit.seconds)) return undefined;
  const message = `${instance.id}: promoting may lose ${(lostMs / clock.paced(1)).toFixed(0)} s, ${limit.by} ${limit.seconds} s`;
  return { limit, message };
}

/** A bound that a person gave is a bound: no acceptance goes beyond it. */
function notBehind({ request }: Examined, found: Behind | undefined, left?: string): string {
  if (!found) return "";
  const { limit } = found;
  const message = left === undefined ? found.message : `${found.message}; ${left}`;
  return limit.by === "you allow"
    ? halt("HaltBehind", message)
    : haltUnlessAccepted(request, "HaltBehind", message);
}
