import type * as client from "@aws-sdk/client-ec2";
import { AwsError, type CallContext, type Operation } from "../wire/service.ts";
import { type Facets, filtered } from "./filters.ts";
import type { GroupView, Ports, Rule, SecurityGroups, Source } from "./security-groups.ts";
import { ANY_VPC, type Subnets } from "./subnets.ts";

const FACETS: Facets<GroupView> = {
  "group-id": ({ id }) => id,
  "group-name": ({ id, name }) => name ?? id,
  "vpc-id": ({ vpc }) => vpc,
};

type GroupRequest = client.CreateSecurityGroupRequest;

/** Security groups by EC2's own words. */
export function groupOperations(
  account: string,
  groups: SecurityGroups,
  subnets: Subnets,
): Readonly<Record<string, Operation>> {
  const permit =
    (change: "allow" | "revoke") =>
    async (input: client.AuthorizeSecurityGroupIngressRequest, { region }: CallContext) => {
      for (const { source, ...ports } of rulesOf(input.IpPermissions ?? [])) {
        const group = input.GroupId ?? "";
        if (change === "allow") groups.checkNew(region, group, source, ports);
        groups[change](region, group, source, ports);
      }
      return { Return: true };
    };
  return {
    async DescribeSecurityGroups(
      { GroupIds, Filters }: client.DescribeSecurityGroupsRequest,
      { region }: CallContext,
    ) {
      const known = groups.list(region);
      const absent = GroupIds?.find((id) => known.every((group) => group.id !== id));
      if (absent !== undefined) {
        const message = `The security group '${absent}' does not exist`;
        throw new AwsError("InvalidGroup.NotFound", message, 400);
      }
      const asked = known.filter(({ id }) => GroupIds?.includes(id) ?? true);
      const found = filtered(
        asked.map((group) => ({ ...group, tags: {} })),
        Filters,
        FACETS,
      );
      return { SecurityGroups: found.map((group) => groupOf(account, group)) };
    },

    async CreateSecurityGroup(
      { GroupName: name = "", Description: description = "", VpcId }: GroupRequest,
      { region }: CallContext,
    ) {
      const vpc = VpcId ?? subnets.find(region, subnets.idsIn(region))[0]?.vpc ?? ANY_VPC;
      return { GroupId: groups.createNamed(region, { name, description, vpc }) };
    },

    AuthorizeSecurityGroupIngress: permit("allow"),
    RevokeSecurityGroupIngress: permit("revoke"),

    async DeleteSecurityGroup(
      { GroupId = "" }: client.DeleteSecurityGroupRequest,
      { region }: CallContext,
    ) {
      groups.remove(region, GroupId);
      return { Return: true, GroupId };
    },
  };
}

const groupOf = (account: string, { id, name, vpc, description, rules, egress }: GroupView) => ({
  ...{ GroupId: id, GroupName: name ?? id, Description: description, OwnerId: account, VpcId: vpc },
  IpPermissions: rules.map((rule) => permissionOf(account, rule)),
  IpPermissionsEgress: egress.map((rule) => permissionOf(account, rule)),
});

const permissionOf = (UserId: string, { protocol, from, to, source }: Rule) => ({
  ...{ IpProtocol: protocol, FromPort: from, ToPort: to },
  IpRanges: "cidr" in source ? [{ CidrIp: source.cidr }] : [],
  UserIdGroupPairs: "group" in source ? [{ GroupId: source.group, UserId }] : [],
});

function rulesOf(permissions: readonly client.IpPermission[]): (Ports & { source: Source })[] {
  return permissions.flatMap((permission) => {
    const { IpProtocol: protocol = "-1", FromPort: from, ToPort: to } = permission;
    const { IpRanges = [], UserIdGroupPairs = [] } = permission;
    const ports = {
      protocol,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    };
    const sources: Source[] = [
      ...IpRanges.map(({ CidrIp = "" }) => ({ cidr: CidrIp })),
      ...UserIdGroupPairs.map(({ GroupId = "" }) => ({ group: GroupId })),
    ];
    return sources.map((source) => ({ ...ports, source }));
  });
}
