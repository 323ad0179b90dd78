import type { PromoteReadReplicaMessage, PromoteReadReplicaResult } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { keepBackups } from "./automated/keeper.ts";
import { chosen } from "./choices.ts";
import { engineOf } from "./engines.ts";
import { backUp } from "./found.ts";
import type { Instance } from "./instance.ts";
import { invalidState, mustBe } from "./inventory.ts";
import { refuseUnknown } from "./parameters.ts";
import { view } from "./view.ts";
import { step, type World } from "./world.ts";

/** PromoteReadReplica: returns while the status still reads `available`, as RDS does. */
export async function promoteReplica(
  world: World,
  input: PromoteReadReplicaMessage,
  { region }: CallContext,
): Promise<PromoteReadReplicaResult> {
  const known = ["DBInstanceIdentifier", "BackupRetentionPeriod", "PreferredBackupWindow"];
  refuseUnknown("PromoteReadReplica", input, known);
  const instance = world.inventory.get(region, input.DBInstanceIdentifier);
  mustBe(instance, "available");
  if (!instance.source) throw invalidState(`DB Instance ${instance.id} is not a read replica.`);
  if (promoting.has(instance)) throw invalidState(`DB Instance ${instance.id} is being promoted.`);
  const backedUpBefore = instance.choices.backupRetentionDays > 0;
  const choices = chosen(input, {
    ...instance.choices,
    backupRetentionDays: input.BackupRetentionPeriod ?? 1,
  });
  promoting.add(instance);
  world.inventory.begin(instance, async () => {
    try {
      await promote(world, instance);
      const startsBackups = !backedUpBefore && choices.backupRetentionDays > 0;
      instance.choices = choices;
      keepBackups(world, instance);
      if (startsBackups) await backUp(world, instance);
      world.inventory.setStatus(instance, "available");
    } finally {
      promoting.delete(instance);
    }
  });
  return { DBInstance: view(world, instance) };
}

/** Asked for and still reading `available`. */
const promoting = new WeakSet<Instance>();

/** Leaves the instance `rebooting`: what follows is the caller's. */
export async function promote(world: World, instance: Instance): Promise<void> {
  const { inventory, events } = world;
  const { host, source } = instance;
  await step();
  inventory.setStatus(instance, "modifying");
  await engineOf(instance).promote(instance);
  await host.closeLink();
  // RDS restarts the server here; what clients see of it is that their sessions end.
  inventory.setStatus(instance, "rebooting");
  host.sever();
  await step();
  delete instance.source;
  // The primary it leaves may hang for as long as it likes.
  if (source) void engineOf(instance).forget(instance, sourceOf(world, source));
  events.add(instance, "read replica", "Promoted Read Replica to a stand-alone database instance");
}

const sourceOf = ({ inventory }: World, source: { readonly region: string; readonly id: string }) =>
  inventory.in(source.region).find(({ id }) => id === source.id);
