import type {
  CreateDBSubnetGroupMessage,
  CreateDBSubnetGroupResult,
  DBSubnetGroup,
  DBSubnetGroupMessage,
  DeleteDBSubnetGroupMessage,
  DescribeDBSubnetGroupsMessage,
  ModifyDBSubnetGroupMessage,
  ModifyDBSubnetGroupResult,
} from "@aws-sdk/client-rds";
import { AwsError, type CallContext } from "../wire/service.ts";
import { arnOf } from "./names.ts";
import { pageOf } from "./pages.ts";
import { refuseUnknown } from "./parameters.ts";
import type { SubnetGroup } from "./subnet-group-book.ts";
import type { World } from "./world.ts";

const KNOWN = ["DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds"];

export async function createSubnetGroup(
  world: World,
  input: CreateDBSubnetGroupMessage,
  { region }: CallContext,
): Promise<CreateDBSubnetGroupResult> {
  refuseUnknown("CreateDBSubnetGroup", input, KNOWN);
  const { DBSubnetGroupName: name = "", DBSubnetGroupDescription: description = "" } = input;
  if (world.subnetGroups.has(region, name)) {
    throw new AwsError(
      "DBSubnetGroupAlreadyExistsFault",
      `The DB subnet group '${name}' already exists.`,
      400,
    );
  }
  const made = world.subnetGroups.put(region, name, description, input.SubnetIds ?? []);
  return { DBSubnetGroup: subnetGroupView(world, made) };
}

export async function modifySubnetGroup(
  world: World,
  input: ModifyDBSubnetGroupMessage,
  { region }: CallContext,
): Promise<ModifyDBSubnetGroupResult> {
  refuseUnknown("ModifyDBSubnetGroup", input, KNOWN);
  const { name, description } = world.subnetGroups.get(region, input.DBSubnetGroupName ?? "");
  const text = input.DBSubnetGroupDescription ?? description;
  const changed = world.subnetGroups.put(region, name, text, input.SubnetIds ?? []);
  return { DBSubnetGroup: subnetGroupView(world, changed) };
}

/** DescribeDBSubnetGroups: the default group of a region is not among them, for its VPC is nobody's here. */
export async function describeSubnetGroups(
  world: World,
  input: DescribeDBSubnetGroupsMessage,
  { region }: CallContext,
): Promise<DBSubnetGroupMessage> {
  const { subnetGroups } = world;
  const { DBSubnetGroupName: name } = input;
  const asked = name === undefined ? subnetGroups.in(region) : [subnetGroups.get(region, name)];
  const { items, marker } = pageOf(asked, (group) => group.name, input);
  return {
    DBSubnetGroups: items.map((group) => subnetGroupView(world, group)),
    ...(marker !== undefined && { Marker: marker }),
  };
}

export async function deleteSubnetGroup(
  { subnetGroups, inventory }: World,
  input: DeleteDBSubnetGroupMessage,
  { region }: CallContext,
): Promise<void> {
  const group = subnetGroups.get(region, input.DBSubnetGroupName ?? "");
  const user = inventory.in(region).find(({ choices }) => choices.subnetGroup === group.name);
  if (user) {
    throw new AwsError(
      "InvalidDBSubnetGroupStateFault",
      `Cannot delete the subnet group '${group.name}' because at least one database instance: ${user.id} is still using it.`,
      400,
    );
  }
  subnetGroups.remove(group);
}

const subnetGroupView = (
  { account }: World,
  { region, name, description, subnets }: SubnetGroup,
): DBSubnetGroup => ({
  DBSubnetGroupName: name,
  DBSubnetGroupDescription: description,
  DBSubnetGroupArn: arnOf(account, region, "subgrp", name),
  VpcId: subnets[0]?.vpc,
  SubnetGroupStatus: "Complete",
  Subnets: subnets.map(({ id, zone }) => ({
    SubnetIdentifier: id,
    SubnetAvailabilityZone: { Name: zone },
    SubnetStatus: "Active",
  })),
});
