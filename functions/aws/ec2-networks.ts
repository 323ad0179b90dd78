import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type IpPermission,
} from "@aws-sdk/client-ec2";
import type { IngressRule, Peer } from "../../lib/sla/ingress.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Networks } from "../prepared/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** Nobody waits for it; but two regions that are lost must not take a look all its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 3000 };

export function ec2Networks(clock: Clock, { region: here }: { readonly region: string }): Networks {
  const clients = perRegion(
    (region) =>
      new EC2Client(clientSettings(clock, { ...SETTINGS, region, onceIfLate: region !== here })),
  );
  return {
    async group(region, id) {
      // By a filter: what is not there is no error then, of which there are several.
      const command = new DescribeSecurityGroupsCommand({ Filters: [only("group-id", [id])] });
      const doing = `describe the security group ${id} of ${region}`;
      const { SecurityGroups = [] } = await answered(doing, clients(region).send(command));
      const found = SecurityGroups.find(({ GroupId }) => GroupId === id);
      if (!found) return undefined;
      const ingress = (found.IpPermissions ?? []).map(ruleOf);
      return { vpc: found.VpcId ?? "no VPC", ingress };
    },

    async subnets(ids) {
      const command = new DescribeSubnetsCommand({ Filters: [only("subnet-id", ids)] });
      const asked = clients(here).send(command);
      const { Subnets = [] } = await answered(`describe the subnets of ${here}`, asked);
      return Subnets.map(({ SubnetId = "", VpcId = "no VPC", AvailabilityZone = "" }) => {
        return { id: SubnetId, vpc: VpcId, zone: AvailabilityZone };
      });
    },
  };
}

const only = (Name: string, values: readonly string[]) => ({ Name, Values: [...values] });

export function ruleOf(permission: IpPermission): IngressRule {
  const { IpProtocol: protocol = "-1", FromPort: from, ToPort: to } = permission;
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  const peers = (kind: Peer["kind"], names: readonly (string | undefined)[]): readonly Peer[] =>
    names.map((name) => ({ kind, name: name ?? "what has no name" }));
  return {
    protocol,
    ...(from !== undefined && to !== undefined && { ports: { from, to } }),
    peers: [
      ...peers("network", [
        ...IpRanges.map(({ CidrIp }) => CidrIp),
        ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
      ]),
      ...peers(
        "group",
        UserIdGroupPairs.map(({ GroupId }) => GroupId),
      ),
      ...peers(
        "list",
        PrefixListIds.map(({ PrefixListId }) => PrefixListId),
      ),
    ],
  };
}
