import { createHash } from "node:crypto";
import { type Creation, type Creator, nameOf, objects, required } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import type { Properties } from "../template.ts";

const group: Creator = (creation) => {
  const { properties, region, targets } = creation;
  const description = required(creation, "GroupDescription");
  const vpc = String(properties["VpcId"] ?? "");
  const id = targets.groups.create(region, idOf(creation), { description, vpc });
  for (const rule of objects(creation.before?.properties["SecurityGroupIngress"])) {
    revoke(creation, id, rule);
  }
  for (const rule of objects(properties["SecurityGroupIngress"])) allow(creation, id, rule);
  return { ref: id, attributes: { GroupId: id, Id: id, VpcId: vpc } };
};

/** The same at every deployment: a group of another id would leave its rules behind in others. */
const idOf = ({ stackName, logicalId }: Creation): string =>
  `sg-${createHash("sha256").update(`${stackName}/${logicalId}`).digest("hex").slice(0, 17)}`;

const ingress: Creator = (creation) => {
  const { before } = creation;
  if (before) removeIngress(creation, before.properties);
  allow(creation, required(creation, "GroupId"), creation.properties);
  return { ref: creation.logicalId };
};

/** The rule as it was made. */
export const removeIngress = (reach: Reach, rule: Properties): void =>
  revoke(reach, String(rule["GroupId"]), rule);

type Reach = Pick<Creation, "region" | "targets">;

const allow = ({ region, targets }: Reach, id: string, rule: Properties): void =>
  targets.groups.allow(region, id, sourceOf(rule), portsOf(rule));

const revoke = ({ region, targets }: Reach, id: string, rule: Properties): void =>
  targets.groups.revoke(region, id, sourceOf(rule), portsOf(rule));

const portsOf = ({ IpProtocol: protocol = "-1", FromPort: from, ToPort: to }: Properties) => ({
  protocol: String(protocol),
  ...(from !== undefined && { from: Number(from) }),
  ...(to !== undefined && { to: Number(to) }),
});

function sourceOf({ CidrIp: cidr, SourceSecurityGroupId: source }: Properties) {
  if (cidr !== undefined) return { cidr: String(cidr) };
  if (source !== undefined) return { group: String(source) };
  throw new AssemblyRefused("an ingress rule needs CidrIp or SourceSecurityGroupId here");
}

const subnetGroup: Creator = (creation) => {
  const { properties, region, targets } = creation;
  const name = nameOf(creation, "DBSubnetGroupName").toLowerCase();
  const description = required(creation, "DBSubnetGroupDescription");
  const subnets = [properties["SubnetIds"]].flat().map(String);
  targets.subnetGroups.put(region, name, description, subnets);
  return { ref: name };
};

export const NETWORK = {
  "AWS::EC2::SecurityGroup": group,
  "AWS::EC2::SecurityGroupIngress": ingress,
  "AWS::RDS::DBSubnetGroup": subnetGroup,
} satisfies Record<string, Creator>;
