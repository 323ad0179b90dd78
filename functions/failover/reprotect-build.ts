import { globalAt } from "../../lib/sla/clusters.ts";
import { STANDBY_TAGS } from "../../lib/sla/database-tags.ts";
import { type Fleet, parameterGroupOf } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import { halt, notYet } from "./errors.ts";
import { arnOf, sourceName } from "./follows.ts";
import type { DatabaseState, Model, ReplicaOrder, Replicas } from "./ports.ts";
import type { Kept, Planned } from "./reprotect-case.ts";
import { rolesUnlessOvertaken } from "./reprotect-claim.ts";
import { KEY_OF_RDS } from "./reprotect-contract.ts";
import { rejoined, rejoinedKeeps } from "./reprotect-rejoin.ts";
import type { Taken } from "./step.ts";
import { type BuildWorld, instanceOf } from "./world.ts";

/** Asks for the replica, unless it is there: its name is the same at every attempt. */
export async function reprotectBuild(world: BuildWorld, planned: Planned): Promise<Taken<Planned>> {
  if (globalAt(world.fleet, planned.seat) !== undefined) return rejoined(world, planned);
  const { seat, before } = planned;
  await rolesUnlessOvertaken(world, planned);
  const there = await world.registry.describe(seat);
  if (there) {
    refuseStranger(world.fleet, planned, there);
    return { next: planned, detail: `${seat.database} is ${there.status}` };
  }
  const answer = await world.replicas.create(seat, await orderOf(world, planned));
  if (typeof answer === "object") {
    halt("HaltReplicaRefused", `${seat.database} in ${seat.region}: ${answer.refused}`);
  }
  if (answer === "wrong-state") {
    return notYet(`${before.primary.database} cannot be copied in its status`);
  }
  return { next: planned, detail: `${seat.database} asked for in ${seat.region}` };
}

async function orderOf(
  { fleet, replicas, ...here }: BuildWorld,
  { seat, model, before, request, inherited }: Planned,
): Promise<ReplicaOrder> {
  const site = fleet.sites[seat.region];
  if (!site) return halt("HaltSiteUnknown", `${seat.region}: the fleet names no network there`);
  const { engine } = instanceOf({ ...here, fleet }, request.instance).database;
  const parameterGroup = parameterGroupOf(site, engine);
  if (parameterGroup === undefined) {
    return halt(
      "HaltSiteUnknown",
      `${seat.region}: the fleet names no parameter group of ${engine}`,
    );
  }
  const found: Model | undefined = inherited ?? (await replicas.model(model));
  const { subnetGroup = found?.subnetGroup } = request;
  const kmsKey = request.kmsKey ?? (await keyFor(replicas, before.primary, found));
  return {
    source: arnOf(fleet, before.primary),
    groups: [site.securityGroup],
    parameterGroup,
    multiAz: found?.multiAz ?? false,
    tags: STANDBY_TAGS,
    ...(subnetGroup !== undefined && { subnetGroup }),
    ...(kmsKey !== undefined && { kmsKey }),
  };
}

/**
 * A replica is encrypted exactly if its source is, and needs a key of its own region then. What was there before may have had none: an
 * instance is brought back from copies that are encrypted.
 */
async function keyFor(
  replicas: Replicas,
  primary: Seat,
  model: Model | undefined,
): Promise<string | undefined> {
  const source = await replicas.model(primary);
  return source?.kmsKey === undefined ? undefined : (model?.kmsKey ?? KEY_OF_RDS);
}

/** Changes nothing but its backups: on before it could take over, for as long as its source keeps them. */
export async function reprotectKeep(world: BuildWorld, planned: Planned): Promise<Taken<Kept>> {
  if (globalAt(world.fleet, planned.seat) !== undefined) return rejoinedKeeps(world, planned);
  const { seat, before } = planned;
  await rolesUnlessOvertaken(world, planned);
  const [state, source] = await Promise.all([
    world.registry.describe(seat),
    world.registry.describe(before.primary),
  ]);
  if (!state) return notYet(`${seat.database} is not there yet`);
  refuseStranger(world.fleet, planned, state);
  if (state.status !== "available") return notYet(`${seat.database} is ${state.status}`);
  const days = source?.backupRetentionDays ?? 0;
  if (days > 0 && state.backupRetentionDays === days) {
    return {
      next: { ...planned, backupRetentionDays: days },
      detail: `${seat.database} is available and keeps backups for ${days} days`,
    };
  }
  if (days === 0) return notYet(`${before.primary.database} says nothing of its backups`);
  await world.replicas.keepBackups(seat, days);
  return notYet(`${seat.database} is to keep backups for ${days} days`);
}

/** What has our name and does not follow our primary is not ours to touch. */
function refuseStranger(fleet: Fleet, { seat, before }: Planned, state: DatabaseState): void {
  const { primary } = before;
  const follows = sourceName(fleet, primary, seat);
  const broken = BROKEN.find((pattern) => pattern.test(state.status));
  if (broken) halt("HaltReplicaUnfit", `${seat.database} in ${seat.region} is ${state.status}`);
  if (state.replication.includes("terminated")) {
    halt("HaltReplicaUnfit", `${seat.database}: its replication was terminated`);
  }
  // While it is being made RDS may not say yet whom it follows.
  if (state.source === follows || (state.source === undefined && state.status === "creating"))
    return;
  halt(
    "HaltReplicaUnfit",
    `${seat.database} in ${seat.region} follows ${state.source ?? "nobody"}, not ${primary.database}`,
  );
}

const BROKEN = [/^failed$/, /^incompatible-/, /^inaccessible-/, /^storage-full$/, /^deleting$/];
