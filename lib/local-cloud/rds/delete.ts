import type { DeleteDBInstanceMessage, DeleteDBInstanceResult } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { endBackups, keepBackups } from "./automated/keeper.ts";
import { engineOf } from "./engines.ts";
import type { Instance } from "./instance.ts";
import { invalidState, mustBe } from "./inventory.ts";
import { invalidCombination, refuseUnknown } from "./parameters.ts";
import { promote } from "./promote.ts";
import { takeSnapshot } from "./take-snapshot.ts";
import { view } from "./view.ts";
import { step, type World } from "./world.ts";

const DELETE_PARAMETERS = [
  "DBInstanceIdentifier",
  "SkipFinalSnapshot",
  "FinalDBSnapshotIdentifier",
  "DeleteAutomatedBackups",
];

export async function deleteInstance(
  world: World,
  input: DeleteDBInstanceMessage,
  { region }: CallContext,
): Promise<DeleteDBInstanceResult> {
  refuseUnknown("DeleteDBInstance", input, DELETE_PARAMETERS);
  const { inventory } = world;
  const instance = inventory.get(region, input.DBInstanceIdentifier);
  if (instance.status === "deleting") {
    throw invalidState(`Instance ${instance.id} is already being deleted.`);
  }
  checkDeletion(instance, input);
  const snapshotId = input.SkipFinalSnapshot ? undefined : input.FinalDBSnapshotIdentifier;
  if (snapshotId !== undefined) mustBe(instance, "available");
  const replicas = inventory.replicasOf(instance);
  const snapshot = snapshotId === undefined ? undefined : takeSnapshot(world, instance, snapshotId);
  inventory.setStatus(instance, "deleting");
  instance.gone.abort(new Error(`${instance.id} is deleted`));
  const answer = { DBInstance: view(world, instance) };
  for (const replica of replicas) orphan(world, replica, region);
  inventory.begin(instance, async () => {
    await snapshot?.work;
    await step();
    await instance.host.remove();
    if (instance.source) await engineOf(instance).forget(instance, sourceOf(world, instance));
    const backup = world.automated.of(instance);
    const retain = input.DeleteAutomatedBackups === false;
    if (backup) await endBackups(world, backup, { retain });
    world.events.add(instance, "deletion", "DB instance deleted");
    inventory.remove(instance);
  });
  return answer;
}

function checkDeletion({ choices, source }: Instance, input: DeleteDBInstanceMessage): void {
  const { SkipFinalSnapshot: skip = false, FinalDBSnapshotIdentifier: final } = input;
  if (choices.deletionProtection) {
    throw invalidCombination(
      "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    );
  }
  if (skip && final !== undefined) {
    throw invalidCombination(
      "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.",
    );
  }
  if (source && final !== undefined) {
    throw invalidCombination(
      "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance.",
    );
  }
  if (!skip && final === undefined) {
    throw invalidCombination(
      "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
    );
  }
}

/** RDS promotes the replicas in the region of a deleted source; those elsewhere stop replicating. */
function orphan(world: World, replica: Instance, region: string): void {
  if (replica.source) replica.source.replication = "terminated";
  if (replica.region !== region) return;
  world.inventory.begin(replica, async () => {
    await promote(world, replica);
    keepBackups(world, replica);
    world.inventory.setStatus(replica, "available");
  });
}

const sourceOf = ({ inventory }: World, { source }: Instance) =>
  inventory.in(source?.region ?? "").find(({ id }) => id === source?.id);
