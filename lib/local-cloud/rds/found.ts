import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Tag } from "@aws-sdk/client-rds";
import { ANY_VPC } from "../ec2/subnets.ts";
import { archiveOf } from "./automated/archive.ts";
import { keepBackups } from "./automated/keeper.ts";
import { applyCuts } from "./cuts.ts";
import { engineOf } from "./engines.ts";
import { Host } from "./host.ts";
import { activeGroups, type Choices, type Contents, type Instance } from "./instance.ts";
import { arnOf, endpointName } from "./names.ts";
import { invalidCombination } from "./parameters.ts";
import { DEFAULT_SUBNET_GROUP } from "./subnet-group-book.ts";
import { checkedTags } from "./tag-rules.ts";
import { step, type World } from "./world.ts";

export interface NewInstance {
  readonly region: string;
  readonly id: string;
  readonly port: number;
  readonly contents: Contents;
  readonly choices: Choices;
  readonly groups: Instance["groups"];
  readonly tags: readonly Tag[];
  readonly source?: Instance;
}

/** Enters a new instance in the books, `creating`, with a host on which nothing runs yet. */
export function found(world: World, wanted: NewInstance): Instance {
  const { account, inventory, addresses } = world;
  const { region, id, port, contents, choices, groups, tags, source } = wanted;
  inventory.checkFree(region, id);
  inventory.checkRoom(region);
  checkChoices(world, region, contents, choices);
  checkNetwork(world, region, choices.subnetGroup, groups);
  checkedTags(id, tags);
  const label = `${id} in ${region}`;
  const resourceId = `db-${randomBytes(16).toString("hex").toUpperCase().slice(0, 26)}`;
  const host: Host = new Host({
    label,
    port,
    name: endpointName(account, region, id),
    address: addresses.next(label),
    // By resource, not by name: a name is free again before its data is gone.
    directory: join(world.directory, "rds", region, `${id}-${resourceId.slice(-6).toLowerCase()}`),
    runDirectory: world.directory,
    guard: world.guard,
    authority: world.authority,
    hostNames: world.hostNames,
    ...(world.keepsBackups && { archive: archiveOf(world.directory, region, resourceId) }),
    admits: (remote) => world.groups.admits(region, activeGroups(instance), remote),
  });
  const instance: Instance = {
    region,
    id,
    arn: arnOf(account, region, "db", id),
    resourceId,
    createdAt: new Date(),
    contents,
    choices,
    host,
    status: "creating",
    groups,
    tags,
    ...(source && {
      source: { region: source.region, id: source.id, arn: source.arn, replication: "replicating" },
    }),
    gone: new AbortController(),
    work: Promise.resolve(),
  };
  inventory.add(instance);
  return instance;
}

/** @throws AwsError for a parameter group or subnet group that the region lacks, or that does not fit */
export function checkChoices(
  { parameterGroups, subnetGroups }: World,
  region: string,
  contents: Contents,
  { parameterGroup, subnetGroup }: Choices,
): void {
  const family = engineOf({ contents }).family(contents.engineVersion);
  parameterGroups.check(region, parameterGroup, family);
  subnetGroups.check(region, subnetGroup);
}

/** @throws AwsError InvalidParameterCombination, in RDS's words. Of a region's default group nobody knows the network. */
export function checkNetwork(
  { groups, subnetGroups }: World,
  region: string,
  subnetGroup: string,
  wanted: Instance["groups"],
): void {
  if (subnetGroup === DEFAULT_SUBNET_GROUP) return;
  const [subnet] = subnetGroups.get(region, subnetGroup).subnets;
  for (const { id } of wanted) {
    const vpc = groups.vpcOf(region, id);
    if (vpc === undefined || vpc === subnet?.vpc || subnet?.vpc === ANY_VPC) continue;
    throw invalidCombination(
      `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${subnet?.vpc} and the EC2 security group is in ${vpc}`,
    );
  }
}

/** The last steps of everything that makes an instance: let clients in, back up, be available. */
export async function finish(world: World, instance: Instance): Promise<void> {
  const { inventory, events } = world;
  await instance.host.open();
  applyCuts(world);
  if (instance.choices.backupRetentionDays > 0 && !instance.source) await backUp(world, instance);
  keepBackups(world, instance);
  events.add(instance, "creation", "DB instance created");
  inventory.setStatus(instance, "available");
}

/** The status of the first automated backup; RDS takes it of the volume, in no time: its keeper reads it behind that. */
export async function backUp({ inventory, events }: World, instance: Instance): Promise<void> {
  inventory.setStatus(instance, "backing-up");
  events.add(instance, "backup", "Backing up DB instance");
  await step();
  events.add(instance, "backup", "Finished DB instance backup");
}
