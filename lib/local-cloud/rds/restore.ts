import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import type {
  RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceFromDBSnapshotResult,
} from "@aws-sdk/client-rds";
import { unpackInto } from "../postgres/base-backup.ts";
import type { CallContext } from "../wire/service.ts";
import { CHOICE_PARAMETERS, checkedGroups, chosen, DEFAULTS } from "./choices.ts";
import { checkedPort, WITHOUT_EFFECT } from "./create.ts";
import { finish, found } from "./found.ts";
import { checkedIdentifier } from "./names.ts";
import { refuseUnknown } from "./parameters.ts";
import { snapshotMustBe } from "./snapshot-shelf.ts";
import { view } from "./view.ts";
import type { World } from "./world.ts";

const KNOWN = [
  ...CHOICE_PARAMETERS,
  ...WITHOUT_EFFECT,
  "DBInstanceIdentifier",
  "DBSnapshotIdentifier",
  "Engine",
  "Port",
  "VpcSecurityGroupIds",
  "Tags",
];

/** RestoreDBInstanceFromDBSnapshot: always a new instance, with default groups unless others are named. */
export async function restoreInstance(
  world: World,
  input: RestoreDBInstanceFromDBSnapshotMessage,
  { region }: CallContext,
): Promise<RestoreDBInstanceFromDBSnapshotResult> {
  refuseUnknown("RestoreDBInstanceFromDBSnapshot", input, KNOWN);
  const snapshot = world.snapshots.get(region, input.DBSnapshotIdentifier);
  snapshotMustBe(snapshot, "available");
  world.mishaps.keys.check(region, snapshot.contents.kmsKey);
  const { instanceClass, allocatedStorageGb, backupRetentionDays, backupWindow } = snapshot.choices;
  const kept = { instanceClass, allocatedStorageGb, backupRetentionDays, backupWindow };
  const instance = found(world, {
    region,
    id: checkedIdentifier("DBInstanceIdentifier", input.DBInstanceIdentifier, 63),
    port: checkedPort(input.Port ?? snapshot.port),
    contents: snapshot.contents,
    choices: chosen(input, { ...DEFAULTS, ...kept }),
    groups: checkedGroups(world.groups, region, input.VpcSecurityGroupIds),
    tags: input.Tags ?? [],
  });
  world.inventory.begin(instance, async () => {
    await world.mishaps.restores.passed(region, instance.gone.signal);
    await instance.host.install((directory) => unpackAlone(directory, snapshot.file));
    await finish(world, instance);
    world.events.add(instance, "restoration", `Restored from snapshot ${snapshot.id}`);
  });
  return { DBInstance: view(world, instance) };
}

/** What was backed up on a standby does not become one. */
async function unpackAlone(directory: string, file: string): Promise<void> {
  await unpackInto(directory, createReadStream(file), createGunzip());
  await rm(join(directory, "standby.signal"), { force: true });
}
