import type { ModifyDBInstanceMessage, ModifyDBInstanceResult } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { endBackups, keepBackups } from "./automated/keeper.ts";
import { CHOICE_PARAMETERS, checkedGroups, chosen } from "./choices.ts";
import { WITHOUT_EFFECT } from "./create.ts";
import { engineOf } from "./engines.ts";
import { backUp, checkChoices, checkNetwork } from "./found.ts";
import type { Choices, Instance } from "./instance.ts";
import { mustBe } from "./inventory.ts";
import { checkedPassword, refuseUnknown } from "./parameters.ts";
import { view } from "./view.ts";
import { step, type World } from "./world.ts";

const KNOWN = [
  ...CHOICE_PARAMETERS,
  ...WITHOUT_EFFECT,
  "DBInstanceIdentifier",
  "VpcSecurityGroupIds",
  "MasterUserPassword",
  // Maintenance windows are not waited for: every change applies at once.
  "ApplyImmediately",
];

/** ModifyDBInstance: security groups change without a change of status, everything else passes `modifying`. */
export async function modifyInstance(
  world: World,
  input: ModifyDBInstanceMessage,
  { region }: CallContext,
): Promise<ModifyDBInstanceResult> {
  refuseUnknown("ModifyDBInstance", input, KNOWN);
  const { inventory } = world;
  const instance = inventory.get(region, input.DBInstanceIdentifier);
  mustBe(instance, "available", "backing-up");
  const choices = chosen(input, instance.choices);
  if (changesPlace(input)) checkChoices(world, region, instance.contents, choices);
  const { VpcSecurityGroupIds: groupIds, MasterUserPassword } = input;
  const groups = groupIds && checkedGroups(world.groups, region, groupIds);
  if (groups) checkNetwork(world, region, choices.subnetGroup, groups);
  const password =
    MasterUserPassword === undefined ? undefined : checkedPassword(MasterUserPassword);

  if (groups) changeGroups(world, instance, groups);
  if (JSON.stringify(choices) !== JSON.stringify(instance.choices)) {
    inventory.begin(instance, () => change(world, instance, choices));
  }
  if (password !== undefined) {
    inventory.begin(instance, async () => {
      inventory.setStatus(instance, "resetting-master-credentials");
      await engineOf(instance).changePassword(instance, password);
      inventory.setStatus(instance, "available");
    });
  }
  return { DBInstance: view(world, instance) };
}

const changesPlace = ({ DBParameterGroupName, DBSubnetGroupName }: ModifyDBInstanceMessage) =>
  DBParameterGroupName !== undefined || DBSubnetGroupName !== undefined;

/** Both sets are in force until the new one is. */
function changeGroups(world: World, instance: Instance, wanted: Instance["groups"]): void {
  const kept = new Set(wanted.map(({ id }) => id));
  const before = new Set(instance.groups.map(({ id }) => id));
  instance.groups = [
    ...wanted.map(({ id }) => ({ id, status: before.has(id) ? "active" : "adding" }) as const),
    ...instance.groups
      .filter(({ id }) => !kept.has(id))
      .map(({ id }) => ({ id, status: "removing" }) as const),
  ];
  world.inventory.begin(instance, async () => {
    await step();
    instance.groups = wanted;
    const names = [...kept].join(", ");
    world.events.add(instance, "configuration change", `Security groups are now ${names}`);
  });
}

async function change(world: World, instance: Instance, choices: Choices): Promise<void> {
  const { inventory, events } = world;
  const startsBackups =
    instance.choices.backupRetentionDays === 0 && choices.backupRetentionDays > 0;
  inventory.setStatus(instance, "modifying");
  await step();
  instance.choices = choices;
  events.add(instance, "configuration change", "Finished applying modification to DB instance");
  if (startsBackups) await backUp(world, instance);
  keepBackups(world, instance);
  const backup = world.automated.of(instance);
  if (backup && choices.backupRetentionDays === 0)
    await endBackups(world, backup, { retain: false });
  inventory.setStatus(instance, "available");
}
