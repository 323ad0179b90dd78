import { rm } from "node:fs/promises";
import type {
  CreateDBSnapshotMessage,
  CreateDBSnapshotResult,
  DeleteDBSnapshotMessage,
  DeleteDBSnapshotResult,
} from "@aws-sdk/client-rds";
import { AwsError, type CallContext } from "../wire/service.ts";
import { mustBe } from "./inventory.ts";
import { refuseUnknown } from "./parameters.ts";
import { snapshotMustBe } from "./snapshot-shelf.ts";
import { snapshotView } from "./snapshot-view.ts";
import { checkedTags } from "./tag-rules.ts";
import { setSnapshotStatus, takeSnapshot } from "./take-snapshot.ts";
import { step, type World } from "./world.ts";

/** CreateDBSnapshot: the instance reads `backing-up` meanwhile. */
export async function createSnapshot(
  world: World,
  input: CreateDBSnapshotMessage,
  { region }: CallContext,
): Promise<CreateDBSnapshotResult> {
  const known = ["DBInstanceIdentifier", "DBSnapshotIdentifier", "Tags"];
  refuseUnknown("CreateDBSnapshot", input, known);
  const { inventory } = world;
  const instance = inventory.get(region, input.DBInstanceIdentifier);
  mustBe(instance, "available");
  const snapshot = takeSnapshot(world, instance, input.DBSnapshotIdentifier, {
    tags: checkedTags(input.DBSnapshotIdentifier ?? "", input.Tags ?? []),
    until: instance.gone.signal,
  });
  inventory.setStatus(instance, "backing-up");
  inventory.begin(instance, async () => {
    await snapshot.work;
    inventory.setStatus(instance, "available");
  });
  return { DBSnapshot: snapshotView(snapshot) };
}

export async function deleteSnapshot(
  world: World,
  input: DeleteDBSnapshotMessage,
  { region }: CallContext,
): Promise<DeleteDBSnapshotResult> {
  refuseUnknown("DeleteDBSnapshot", input, ["DBSnapshotIdentifier"]);
  const snapshot = world.snapshots.get(region, input.DBSnapshotIdentifier);
  if (snapshot.type === "automated") {
    throw new AwsError(
      "InvalidDBSnapshotStateFault",
      `Snapshot ${snapshot.id} is automated: only manual snapshots can be deleted.`,
      400,
    );
  }
  snapshotMustBe(snapshot, "available", "failed");
  setSnapshotStatus(world, snapshot, "deleting");
  snapshot.gone.abort(new Error(`${snapshot.arn} was deleted while it was copied`));
  snapshot.work = step().then(async () => {
    await rm(snapshot.file, { force: true });
    world.events.add(snapshot, "deletion", "Deleted manual snapshot");
    world.snapshots.remove(snapshot);
  });
  return { DBSnapshot: snapshotView(snapshot) };
}
