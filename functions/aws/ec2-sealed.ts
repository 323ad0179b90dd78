import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { openingsOf } from "../../lib/sla/openings.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Sealed } from "../live/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { ruleOf } from "./ec2-networks.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000 } as const;

/** Networks in which machines are started from images. */
export function ec2Sealed(clock: Clock): Sealed {
  const clients = perRegion(
    (region) => new EC2Client(clientSettings(clock, { region, ...PATIENT })),
  );
  return {
    async look(region, network) {
      const client = clients(region);
      const [subnet, group] = await Promise.all([
        subnetIn(client, network.subnet),
        sealedGroup(client, network.securityGroup),
      ]);
      return { ...(subnet && { subnet }), ...(group && { group }) };
    },
  };
}

/** Undefined if it is not there: by a filter, as what is not there is no error then. */
export async function sealedGroup(client: EC2Client, id: string) {
  const command = new DescribeSecurityGroupsCommand({
    Filters: [{ Name: "group-id", Values: [id] }],
  });
  const asked = answered(`describe the security group ${id}`, client.send(command));
  const { SecurityGroups: [found] = [] } = await asked;
  if (!found) return undefined;
  const ingress = (found.IpPermissions ?? []).map(ruleOf);
  const egress = (found.IpPermissionsEgress ?? []).map(ruleOf);
  return { vpc: found.VpcId ?? "no VPC", openings: openingsOf(ingress, egress) };
}

async function subnetIn(client: EC2Client, id: string) {
  const command = new DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values: [id] }] });
  const asked = answered(`describe the subnet ${id}`, client.send(command));
  const { Subnets: [found] = [] } = await asked;
  if (!found) return undefined;
  return {
    vpc: found.VpcId ?? "no VPC",
    givesPublic: found.MapPublicIpOnLaunch ?? false,
    givesIpv6: found.AssignIpv6AddressOnCreation ?? false,
  };
}
