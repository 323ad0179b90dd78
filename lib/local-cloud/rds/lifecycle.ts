import type {
  RebootDBInstanceMessage,
  RebootDBInstanceResult,
  StartDBInstanceMessage,
  StartDBInstanceResult,
  StopDBInstanceMessage,
  StopDBInstanceResult,
} from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { invalidState, mustBe } from "./inventory.ts";
import { invalidCombination, refuseUnknown } from "./parameters.ts";
import { view } from "./view.ts";
import { step, type World } from "./world.ts";

/** RebootDBInstance: PostgreSQL really restarts; one that was killed runs again. */
export async function rebootInstance(
  world: World,
  input: RebootDBInstanceMessage,
  { region }: CallContext,
): Promise<RebootDBInstanceResult> {
  refuseUnknown("RebootDBInstance", input, ["DBInstanceIdentifier", "ForceFailover"]);
  const { inventory, events } = world;
  const instance = inventory.get(region, input.DBInstanceIdentifier);
  mustBe(instance, "available");
  if (input.ForceFailover && !instance.choices.multiAz) {
    throw invalidCombination(`${instance.id} is not Multi-AZ: it cannot reboot with a failover.`);
  }
  inventory.setStatus(instance, "rebooting");
  inventory.begin(instance, async () => {
    await instance.host.server.stop("fast");
    events.add(instance, "availability", "DB instance shutdown");
    await instance.host.server.start();
    events.add(instance, "availability", "DB instance restarted");
    inventory.setStatus(instance, "available");
  });
  return { DBInstance: view(world, instance) };
}

/** StopDBInstance: refused for whatever has, or is, a read replica. */
export async function stopInstance(
  world: World,
  input: StopDBInstanceMessage,
  { region }: CallContext,
): Promise<StopDBInstanceResult> {
  refuseUnknown("StopDBInstance", input, ["DBInstanceIdentifier"]);
  const { inventory, events } = world;
  const instance = inventory.get(region, input.DBInstanceIdentifier);
  mustBe(instance, "available");
  if (instance.source || inventory.replicasOf(instance).length > 0) {
    throw invalidState(`Cannot stop ${instance.id}: it has, or is, a read replica.`);
  }
  inventory.setStatus(instance, "stopping");
  inventory.begin(instance, async () => {
    await instance.host.server.stop("fast");
    await step();
    events.add(instance, "availability", "DB instance stopped");
    inventory.setStatus(instance, "stopped");
  });
  return { DBInstance: view(world, instance) };
}

export async function startInstance(
  world: World,
  input: StartDBInstanceMessage,
  { region }: CallContext,
): Promise<StartDBInstanceResult> {
  refuseUnknown("StartDBInstance", input, ["DBInstanceIdentifier"]);
  const { inventory, events } = world;
  const instance = inventory.get(region, input.DBInstanceIdentifier);
  mustBe(instance, "stopped");
  inventory.setStatus(instance, "starting");
  inventory.begin(instance, async () => {
    await instance.host.server.start();
    events.add(instance, "availability", "DB instance started");
    inventory.setStatus(instance, "available");
  });
  return { DBInstance: view(world, instance) };
}
