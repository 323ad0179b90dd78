import * as client from "@aws-sdk/client-ec2";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";
import type { ImageBook } from "./image-book.ts";
import { imageOperations } from "./image-operations.ts";
import type { Machines } from "./machines.ts";
import { DEFAULT_REGIONS } from "./regions.ts";
import type { GroupView, Ports, Rule, SecurityGroups, Source } from "./security-groups.ts";
import type { Subnet, Subnets } from "./subnets.ts";

interface Ground {
  readonly account: string;
  readonly groups: SecurityGroups;
  readonly subnets: Subnets;
  readonly machines: Machines;
  readonly images: ImageBook;
}

/** EC2 as far as the networks of databases are looked at and their groups changed, and machines imaged; it runs none. */
export function ec2Service({ account, groups, subnets, machines, images }: Ground): {
  readonly definition: ServiceDefinition;
} {
  const permit =
    (change: "allow" | "revoke") =>
    async (input: client.AuthorizeSecurityGroupIngressRequest, { region }: CallContext) => {
      for (const { source, ...ports } of rulesOf(input.IpPermissions ?? [])) {
        groups[change](region, input.GroupId ?? "", source, ports);
      }
      return { Return: true };
    };
  return {
    definition: {
      name: "ec2",
      client,
      operations: {
        ...imageOperations(account, machines, images),

        async DescribeSecurityGroups(
          { GroupIds, Filters }: client.DescribeSecurityGroupsRequest,
          { region }: CallContext,
        ) {
          const wanted = idsOf("group-id", Filters);
          const known = groups.list(region);
          const absent = GroupIds?.find((id) => known.every((group) => group.id !== id));
          if (absent !== undefined) {
            const message = `The security group '${absent}' does not exist`;
            throw new AwsError("InvalidGroup.NotFound", message, 400);
          }
          const asked = known.filter(({ id }) => (GroupIds ?? wanted)?.includes(id) ?? true);
          return { SecurityGroups: asked.map((group) => groupOf(account, group)) };
        },

        async DescribeSubnets(
          { SubnetIds, Filters }: client.DescribeSubnetsRequest,
          { region }: CallContext,
        ) {
          const wanted = SubnetIds ?? idsOf("subnet-id", Filters) ?? subnets.idsIn(region);
          const found = subnets.find(region, wanted).filter((each) => each !== undefined);
          return { Subnets: found.map(subnetOf) };
        },

        async DescribeRegions() {
          // One with a network of somebody has been switched on.
          const all = new Set([...DEFAULT_REGIONS, ...subnets.regions()]);
          const statusOf = (region: string) =>
            DEFAULT_REGIONS.includes(region) ? "opt-in-not-required" : "opted-in";
          return {
            Regions: [...all].map((RegionName) => ({
              ...{ RegionName, OptInStatus: statusOf(RegionName) },
            })),
          };
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
      },
    },
  };
}

/** Of the one filter that is understood; what is filtered by another would be answered wrongly. */
function idsOf(name: string, filters: readonly client.Filter[] = []): string[] | undefined {
  const other = filters.find((filter) => filter.Name !== name);
  if (other) {
    throw new AwsError(
      "InvalidParameterValue",
      `The filter '${other.Name}' is not known here`,
      400,
    );
  }
  return filters.length === 0 ? undefined : filters.flatMap(({ Values = [] }) => Values);
}

const subnetOf = ({ id, vpc, zone }: Subnet): client.Subnet => ({
  ...{ SubnetId: id, VpcId: vpc, AvailabilityZone: zone, State: "available" },
});

const groupOf = (account: string, { id, vpc, description, rules }: GroupView) => ({
  ...{ GroupId: id, GroupName: id, Description: description, OwnerId: account, VpcId: vpc },
  IpPermissions: rules.map((rule) => permissionOf(account, rule)),
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
