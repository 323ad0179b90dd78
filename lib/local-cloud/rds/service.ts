import * as client from "@aws-sdk/client-rds";
import type { CallContext, ServiceDefinition } from "../wire/service.ts";
import { AutomatedBackups } from "./automated/backup.ts";
import { deleteAutomatedBackup, describeAutomatedBackups } from "./automated/operations.ts";
import { startReplication, stopReplication } from "./automated/replication.ts";
import { restoreToTime } from "./automated/restore.ts";
import { createInstance } from "./create.ts";
import { deleteInstance } from "./delete.ts";
import { describeAccount } from "./describe-account.ts";
import { describeEvents } from "./describe-events.ts";
import { describeInstances } from "./describe-instances.ts";
import { describeSnapshots } from "./describe-snapshots.ts";
import { EventBook } from "./event-book.ts";
import { type Faults, faultsOf } from "./faults.ts";
import { Inventory } from "./inventory.ts";
import type { Keys } from "./keys.ts";
import { rebootInstance, startInstance, stopInstance } from "./lifecycle.ts";
import { Mishaps } from "./mishaps.ts";
import { modifyInstance } from "./modify.ts";
import { ParameterGroups } from "./parameter-group-book.ts";
import {
  createParameterGroup,
  deleteParameterGroup,
  describeParameterGroups,
  describeParameters,
  modifyParameterGroup,
} from "./parameter-groups.ts";
import { promoteReplica } from "./promote.ts";
import { createReplica } from "./replicate.ts";
import { restoreInstance } from "./restore.ts";
import { copySnapshot } from "./snapshot-copy.ts";
import { SnapshotShelf } from "./snapshot-shelf.ts";
import { createSnapshot, deleteSnapshot } from "./snapshots.ts";
import { SubnetGroups } from "./subnet-group-book.ts";
import {
  createSubnetGroup,
  deleteSubnetGroup,
  describeSubnetGroups,
  modifySubnetGroup,
} from "./subnet-groups.ts";
import { aboutOf, addTags, listTags, removeTags } from "./tags.ts";
import type { RdsOptions, World } from "./world.ts";

export type { RdsOptions } from "./world.ts";

/** Amazon RDS for PostgreSQL, and MariaDB where the machine has it, on real servers, and what can go wrong with them. */
export interface Rds extends Faults {
  readonly definition: ServiceDefinition;
  /** For whoever deploys: makes them whether or not they are there. */
  readonly subnetGroups: Pick<SubnetGroups, "put">;
  /** Tags and key of an instance, a snapshot or an automated backup; undefined: there is none of this ARN. */
  about(arn: string): ReturnType<typeof aboutOf>;
  /** As RDS meets them. */
  readonly keys: Pick<Keys, "alias" | "isEnabled" | "enable" | "disable">;
  /** Waits until the background work asked for so far is done. @throws Error why it failed */
  settled(region: string, id: string): Promise<void>;
  /** Ends all servers and gates. The data stay: the run's directory is the guard's. */
  close(): Promise<void>;
}

type Handler = (world: World, input: never, context: CallContext) => Promise<unknown>;

const OPERATIONS: Readonly<Record<string, Handler>> = {
  CreateDBInstance: createInstance,
  CreateDBInstanceReadReplica: createReplica,
  DescribeDBInstances: describeInstances,
  ModifyDBInstance: modifyInstance,
  PromoteReadReplica: promoteReplica,
  RebootDBInstance: rebootInstance,
  StopDBInstance: stopInstance,
  StartDBInstance: startInstance,
  DeleteDBInstance: deleteInstance,
  CreateDBSnapshot: createSnapshot,
  DescribeDBSnapshots: describeSnapshots,
  CopyDBSnapshot: copySnapshot,
  DeleteDBSnapshot: deleteSnapshot,
  RestoreDBInstanceFromDBSnapshot: restoreInstance,
  RestoreDBInstanceToPointInTime: restoreToTime,
  DescribeDBInstanceAutomatedBackups: describeAutomatedBackups,
  DeleteDBInstanceAutomatedBackup: deleteAutomatedBackup,
  StartDBInstanceAutomatedBackupsReplication: startReplication,
  StopDBInstanceAutomatedBackupsReplication: stopReplication,
  CreateDBParameterGroup: createParameterGroup,
  DescribeDBParameterGroups: describeParameterGroups,
  DescribeDBParameters: describeParameters,
  ModifyDBParameterGroup: modifyParameterGroup,
  DeleteDBParameterGroup: deleteParameterGroup,
  CreateDBSubnetGroup: createSubnetGroup,
  DescribeDBSubnetGroups: describeSubnetGroups,
  ModifyDBSubnetGroup: modifySubnetGroup,
  DeleteDBSubnetGroup: deleteSubnetGroup,
  AddTagsToResource: addTags,
  RemoveTagsFromResource: removeTags,
  ListTagsForResource: listTags,
  DescribeEvents: describeEvents,
  DescribeAccountAttributes: describeAccount,
};

export function rdsService(options: RdsOptions): Rds {
  const events = new EventBook();
  const world: World = {
    ...options,
    events,
    inventory: new Inventory(options.log, events),
    snapshots: new SnapshotShelf(),
    parameterGroups: new ParameterGroups(),
    subnetGroups: new SubnetGroups(options.subnets),
    mishaps: new Mishaps(),
    automated: new AutomatedBackups(),
    keepers: new Map(),
    baseTurn: oneByOne(),
    cutRegions: new Set(),
    isolated: new Set(),
    starved: new Set(),
  };
  const operations = Object.entries(OPERATIONS).map(([name, handle]) => [
    name,
    (input: unknown, context: CallContext) => handle(world, input as never, context),
  ]);
  return {
    ...faultsOf(world),
    subnetGroups: world.subnetGroups,
    keys: world.mishaps.keys,
    about: (arn) => aboutOf(world, arn),
    definition: { name: "rds", client, operations: Object.fromEntries(operations) },
    async settled(region, id) {
      const instance = world.inventory.get(region, id);
      await instance.work;
      if (instance.failure) throw instance.failure;
    },
    close: () => close(world),
  };
}

async function close({ inventory, snapshots, mishaps, keepers }: World): Promise<void> {
  const removeAll = () =>
    Promise.all(inventory.all().map(({ host }) => host.remove({ keepData: true })));
  inventory.close();
  mishaps.close();
  for (const { end } of keepers.values()) end.abort();
  await removeAll();
  const busy = [...inventory.all(), ...snapshots.all(), ...keepers.values()];
  await Promise.all(busy.map(({ work }) => work));
  // What was still being made when the others ended.
  await removeAll();
}

/** Runs what it is given one after the other. */
function oneByOne(): World["baseTurn"] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
