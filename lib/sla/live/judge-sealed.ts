import type { ImageTestNetwork } from "../fleet.ts";
import { type Opening, openingName, revokeCommand } from "../openings.ts";
import { describeRegion } from "../regions.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** The network of a site in which machines are started from images. What is not there is absent. */
export interface SealedLook {
  readonly subnet?: {
    readonly vpc: string;
    /** Gives a public address to whatever is started in it, unless that refuses it. */
    readonly givesPublic: boolean;
    /** Likewise one of IPv6, which are all public. */
    readonly givesIpv6: boolean;
  };
  readonly group?: { readonly vpc: string; readonly openings: readonly Opening[] };
}

/** Whether a machine that is started from an image can be, and reaches nobody then. */
export function judgeSealed(
  region: string,
  network: ImageTestNetwork,
  { subnet, group }: SealedLook,
): readonly Finding[] {
  const { broken } = findingsOf({ area: "sealed networks", about: describeRegion(region) });
  const { subnet: subnetId, securityGroup } = network;
  const absent = (what: string, id: string, key: keyof ImageTestNetwork) =>
    broken({
      of: id,
      says: `there is no ${what} ${id}: no image is tested`,
      mend: `name one that is there: sites.${region}.imageTests.${key}`,
    });
  return [
    ...(subnet
      ? addressFindings(region, subnetId, subnet)
      : [absent("subnet", subnetId, "subnet")]),
    ...(group
      ? group.openings.map((opening) =>
          broken({
            of: `${securityGroup} ${openingName(opening)}`,
            says: `${securityGroup} has a rule ${openingName(opening)}: no image is tested while it has any`,
            mend: revokeCommand(region, securityGroup, opening),
          }),
        )
      : [absent("security group", securityGroup, "securityGroup")]),
    ...(subnet && group && subnet.vpc !== group.vpc
      ? [
          broken({
            of: "VPC",
            says: `${subnetId} is in ${subnet.vpc}, ${securityGroup} in ${group.vpc}: no image is tested`,
            mend: `name a group of ${subnet.vpc}: sites.${region}.imageTests.securityGroup`,
          }),
        ]
      : []),
  ];
}

/** The group lets nobody in to them; but what is sealed has none. */
function addressFindings(
  region: string,
  id: string,
  { givesPublic, givesIpv6 }: NonNullable<SealedLook["subnet"]>,
): readonly Finding[] {
  const { risk } = findingsOf({ area: "sealed networks", about: describeRegion(region) });
  const mend = (option: string) =>
    `aws --region ${region} ec2 modify-subnet-attribute --subnet-id ${id} ${option}`;
  const given = (kind: string, option: string) =>
    risk({
      of: `${kind} addresses of ${id}`,
      says: `${id} gives ${kind} addresses to what is started in it`,
      mend: mend(option),
    });
  return [
    ...(givesPublic ? [given("public", "--no-map-public-ip-on-launch")] : []),
    ...(givesIpv6 ? [given("public IPv6", "--no-assign-ipv6-address-on-creation")] : []),
  ];
}
