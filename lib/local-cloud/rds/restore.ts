import type {
  RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceFromDBSnapshotResult,
} from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import {
  CHOICE_PARAMETERS,
  type ChoiceInput,
  checkedGroups,
  chosen,
  defaultsOf,
} from "./choices.ts";
import { checkedPort, WITHOUT_EFFECT } from "./create.ts";
import { engineOf } from "./engines.ts";
import { finish, found } from "./found.ts";
import type { Instance } from "./instance.ts";
import { checkedIdentifier } from "./names.ts";
import { refuseUnknown } from "./parameters.ts";
import { snapshotMustBe } from "./snapshot-shelf.ts";
import { view } from "./view.ts";
import type { World } from "./world.ts";

/** What every restore can be told. */
export const RESTORE_PARAMETERS = [
  ...CHOICE_PARAMETERS,
  ...WITHOUT_EFFECT,
  "Engine",
  "Port",
  "VpcSecurityGroupIds",
  "Tags",
];

const KNOWN = [...RESTORE_PARAMETERS, "DBInstanceIdentifier", "DBSnapshotIdentifier"];

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
  const instance = foundAgain(world, region, input.DBInstanceIdentifier, input, snapshot);
  world.inventory.begin(instance, async () => {
    await world.mishaps.restores.passed(region, instance.gone.signal);
    await engineOf(instance).keeping.restore(instance, snapshot.file);
    await finish(world, instance);
    world.events.add(instance, "restoration", `Restored from snapshot ${snapshot.id}`);
  });
  return { DBInstance: view(world, instance) };
}

type RestoreInput = ChoiceInput &
  Pick<RestoreDBInstanceFromDBSnapshotMessage, "Port" | "VpcSecurityGroupIds" | "Tags">;

/** A new instance like the one that was backed up, but for what RDS leaves at its defaults: groups, Multi-AZ, protection. */
export function foundAgain(
  world: World,
  region: string,
  name: string | undefined,
  input: RestoreInput,
  { contents, choices, port }: Pick<Instance, "contents" | "choices"> & { readonly port: number },
): Instance {
  const { instanceClass, allocatedStorageGb, backupRetentionDays, backupWindow } = choices;
  const kept = { instanceClass, allocatedStorageGb, backupRetentionDays, backupWindow };
  return found(world, {
    region,
    id: checkedIdentifier("DBInstanceIdentifier", name, 63),
    port: checkedPort(input.Port ?? port),
    contents,
    choices: chosen(input, { ...defaultsOf(contents), ...kept }),
    groups: checkedGroups(world.groups, region, input.VpcSecurityGroupIds),
    tags: input.Tags ?? [],
  });
}
