import { type Creation, type Creator, nameOf, objects, required } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import type { Properties } from "../template.ts";

const group: Creator = (creation) => {
  const { properties, region, targets } = creation;
  const description = required(creation, "GroupDescription");
  const id = targets.groups.create(region, undefined, description);
  for (const rule of objects(properties["SecurityGroupIngress"])) allow(creation, id, rule);
  return { ref: id, attributes: { GroupId: id, Id: id, VpcId: String(properties["VpcId"] ?? "") } };
};

const ingress: Creator = (creation) => {
  allow(creation, required(creation, "GroupId"), creation.properties);
  return { ref: creation.logicalId };
};

/** The gates know sources, not ports: each endpoint has one port. */
function allow({ region, targets }: Creation, id: string, rule: Properties): void {
  targets.groups.allow(region, id, sourceOf(rule));
}

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
