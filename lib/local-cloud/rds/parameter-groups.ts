import type {
  CreateDBParameterGroupMessage,
  CreateDBParameterGroupResult,
  DBParameterGroup,
  DBParameterGroupDetails,
  DBParameterGroupNameMessage,
  DBParameterGroupsMessage,
  DeleteDBParameterGroupMessage,
  DescribeDBParameterGroupsMessage,
  DescribeDBParametersMessage,
  ModifyDBParameterGroupMessage,
} from "@aws-sdk/client-rds";
import { AwsError, type CallContext } from "../wire/service.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
import { pageOf } from "./pages.ts";
import { isDefaultGroup, type ParameterGroup } from "./parameter-group-book.ts";
import { invalidValue, refuseUnknown } from "./parameters.ts";
import type { World } from "./world.ts";

const FAMILY = /^(postgres\d+|mariadb\d+\.\d+)$/;
const MOST_AT_ONCE = 20;

export async function createParameterGroup(
  world: World,
  input: CreateDBParameterGroupMessage,
  { region }: CallContext,
): Promise<CreateDBParameterGroupResult> {
  const known = ["DBParameterGroupName", "DBParameterGroupFamily", "Description"];
  refuseUnknown("CreateDBParameterGroup", input, known);
  const { DBParameterGroupFamily: family = "", Description: description = "" } = input;
  if (!FAMILY.test(family)) {
    throw invalidValue(`ParameterGroupFamily ${family} is not a valid parameter group family`);
  }
  const name = checkedIdentifier("DBParameterGroupName", input.DBParameterGroupName, 255);
  const group = { region, name, family, description, values: new Map() };
  world.parameterGroups.add(group);
  return { DBParameterGroup: groupView(world, group) };
}

export async function describeParameterGroups(
  world: World,
  input: DescribeDBParameterGroupsMessage,
  { region }: CallContext,
): Promise<DBParameterGroupsMessage> {
  const { parameterGroups } = world;
  const { DBParameterGroupName: name } = input;
  const asked =
    name === undefined ? parameterGroups.in(region) : [parameterGroups.get(region, name)];
  const { items, marker } = pageOf(asked, (group) => group.name, input);
  return {
    DBParameterGroups: items.map((group) => groupView(world, group)),
    ...(marker !== undefined && { Marker: marker }),
  };
}

/** DescribeDBParameters: only what somebody has set; of the engine's own parameters nothing is known here. */
export async function describeParameters(
  { parameterGroups }: World,
  input: DescribeDBParametersMessage,
  { region }: CallContext,
): Promise<DBParameterGroupDetails> {
  if (input.Source !== "user") {
    throw invalidValue(
      `DescribeDBParameters: the local cloud knows parameters of Source user only, not of '${input.Source ?? "any"}'`,
    );
  }
  const { values } = parameterGroups.get(region, input.DBParameterGroupName ?? "");
  const { items, marker } = pageOf([...values], ([name]) => name, input);
  return {
    Parameters: items.map(([name, { value, method }]) => ({
      ...{ ParameterName: name, ParameterValue: value },
      ...{ Source: "user", ApplyMethod: method as "immediate", IsModifiable: true },
    })),
    ...(marker !== undefined && { Marker: marker }),
  };
}

export async function modifyParameterGroup(
  { parameterGroups }: World,
  input: ModifyDBParameterGroupMessage,
  { region }: CallContext,
): Promise<DBParameterGroupNameMessage> {
  const group = ownGroup(parameterGroups.get(region, input.DBParameterGroupName ?? ""));
  const changes = input.Parameters ?? [];
  if (changes.length === 0 || changes.length > MOST_AT_ONCE) {
    throw invalidValue(`Parameters: expected 1 to ${MOST_AT_ONCE}, got ${changes.length}`);
  }
  for (const { ParameterName, ParameterValue, ApplyMethod } of changes) {
    if (ParameterName === undefined || ParameterValue === undefined) {
      throw invalidValue("Parameters: each needs ParameterName and ParameterValue");
    }
    group.values.set(ParameterName, { value: ParameterValue, method: ApplyMethod ?? "immediate" });
  }
  return { DBParameterGroupName: group.name };
}

export async function deleteParameterGroup(
  { parameterGroups, inventory }: World,
  input: DeleteDBParameterGroupMessage,
  { region }: CallContext,
): Promise<void> {
  const group = ownGroup(parameterGroups.get(region, input.DBParameterGroupName ?? ""));
  const user = inventory.in(region).find(({ choices }) => choices.parameterGroup === group.name);
  if (user) throw badState(`One or more database instances are still members: ${user.id}`);
  parameterGroups.remove(group);
}

/** @throws AwsError InvalidDBParameterGroupStateFault */
function ownGroup(group: ParameterGroup): ParameterGroup {
  if (!isDefaultGroup(group.name)) return group;
  throw badState(`A default parameter group cannot be changed: ${group.name}`);
}

const badState = (message: string) =>
  new AwsError("InvalidDBParameterGroupStateFault", message, 400);

const groupView = (
  { account }: World,
  { region, name, family, description }: ParameterGroup,
): DBParameterGroup => ({
  DBParameterGroupName: name,
  DBParameterGroupFamily: family,
  Description: description,
  DBParameterGroupArn: arnOf(account, region, "pg", name),
});
