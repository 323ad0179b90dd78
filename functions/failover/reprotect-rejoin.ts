import { halt, notYet } from "./errors.ts";
import { admitsOnly } from "./fence-groups.ts";
import { arnOf } from "./follows.ts";
import { isSecondaryOf } from "./global.ts";
import type { DatabaseState } from "./ports.ts";
import type { Kept, Planned } from "./reprotect-case.ts";
import { rolesUnlessOvertaken } from "./reprotect-claim.ts";
import type { Taken } from "./step.ts";
import type { BuildWorld } from "./world.ts";

/**
 * RDS itself makes the old primary of a global database a secondary of the new one, with the data of that: builds nothing, waits, and lets
 * clients in again. Before that nobody is let in: it may still take writes.
 */
export async function rejoined(world: BuildWorld, planned: Planned): Promise<Taken<Planned>> {
  const { seat } = planned;
  const site = world.fleet.sites[seat.region];
  if (!site) return halt("HaltSiteUnknown", `${seat.region}: the fleet names no network there`);
  await secondary(world, planned);
  const groups = [site.securityGroup];
  if ((await admitsOnly(world, seat, groups)) !== "accepted") {
    return notYet(`${seat.database}: its groups cannot be changed in its status`);
  }
  return { next: planned, detail: `${seat.database} follows again, its groups are ${groups}` };
}

/** Every cluster keeps backups of its own: nothing is turned on. */
export async function rejoinedKeeps(world: BuildWorld, planned: Planned): Promise<Taken<Kept>> {
  const { seat } = planned;
  const { backupRetentionDays } = await secondary(world, planned);
  return {
    next: { ...planned, backupRetentionDays },
    detail: `${seat.database} is available and keeps backups for ${backupRetentionDays} days`,
  };
}

async function secondary(world: BuildWorld, planned: Planned): Promise<DatabaseState> {
  const { seat, before } = planned;
  await rolesUnlessOvertaken(world, planned);
  const state = await world.registry.describe(seat);
  if (!state) {
    return halt(
      "HaltReplicaUnfit",
      `${seat.region} has no cluster ${seat.database}: add one of this name to the global database there`,
    );
  }
  const follows = arnOf(world.fleet, before.primary);
  if (state.source !== undefined && state.source !== follows) {
    halt("HaltReplicaUnfit", `${seat.database} follows ${state.source}, not ${follows}`);
  }
  if (isSecondaryOf(world.fleet, before.primary, state)) return state;
  const said = state.source === undefined ? "no secondary yet" : state.replication.join(", ");
  return notYet(`RDS makes ${seat.database} a secondary: it is ${state.status}, ${said}`);
}
