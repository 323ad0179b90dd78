import { expect, it } from "vitest";
import { judgeRegion } from "../../../../lib/sla/live/judge-region.ts";
import { judgeSealed, type SealedLook } from "../../../../lib/sla/live/judge-sealed.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";
import { fleetOf, instance, QUICK_PLAN } from "../../../fakes/fleet.ts";

const REGION = "eu-west-1";
const NETWORK = { subnet: "subnet-0t", securityGroup: "sg-0t" };
const SUBNET = { vpc: "vpc-1", givesPublic: false, givesIpv6: false };
const GROUP = { vpc: "vpc-1", openings: [] };
const SSH = {
  ...{ protocol: "tcp", ports: { from: 22, to: 22 } },
  peers: [{ kind: "network", name: "0.0.0.0/0" }],
} as const;

it("says nothing of a network that is sealed", () => {
  expect(judgeSealed(REGION, NETWORK, { subnet: SUBNET, group: GROUP })).toEqual([]);
});

it.each<[string, SealedLook, readonly (readonly [weight: string, says: string, mend: string])[]]>([
  [
    "is not there",
    {},
    [
      ["broken", "there is no subnet subnet-0t", `sites.${REGION}.imageTests.subnet`],
      ["broken", "there is no security group sg-0t", `sites.${REGION}.imageTests.securityGroup`],
    ],
  ],
  [
    "lets somebody in, and out",
    {
      subnet: SUBNET,
      group: {
        vpc: "vpc-1",
        openings: [
          { way: "in", rule: SSH },
          { way: "out", rule: { ...SSH, protocol: "-1" } },
        ],
      },
    },
    [
      ["broken", "in from 0.0.0.0/0 on tcp 22", "revoke-security-group-ingress --group-id sg-0t"],
      ["broken", "out to 0.0.0.0/0", "revoke-security-group-egress --group-id sg-0t"],
    ],
  ],
  [
    "is two networks",
    { subnet: SUBNET, group: { ...GROUP, vpc: "vpc-2" } },
    [["broken", "subnet-0t is in vpc-1, sg-0t in vpc-2", "name a group of vpc-1"]],
  ],
  [
    "gives public addresses",
    { subnet: { ...SUBNET, givesPublic: true, givesIpv6: true }, group: GROUP },
    [
      ["risk", "gives public addresses", "--subnet-id subnet-0t --no-map-public-ip-on-launch"],
      ["risk", "gives public IPv6 addresses", "--no-assign-ipv6-address-on-creation"],
    ],
  ],
])("complains of one that %s, and says what mends it", (_what, look, expected) => {
  const found = judgeSealed(REGION, NETWORK, look);
  expect(found).toHaveLength(expected.length);
  for (const [index, [weight, says, mend]] of expected.entries()) {
    expect(found[index]).toMatchObject({
      ...{ area: "sealed networks", weight },
      ...{ says: expect.stringContaining(says), mend: expect.stringContaining(mend) },
    });
  }
  expect(new Set(found.map(({ of }) => of)).size).toBe(found.length);
});

it("is asked of a site only while somebody is sold tests of images", () => {
  const binhex = PRESETS["binhex"];
  if (!binhex?.backups) throw new Error("binhex sells backups");
  const plan = { ...QUICK_PLAN, backups: binhex.backups };
  const machines = { "eu-central-2": "i-1" };
  const fleetWith = (sold: typeof plan) => {
    const fleet = fleetOf([instance("acme", { machines })], sold);
    const sites = Object.entries(fleet.sites).map(([region, site]) => [
      region,
      { ...site, imageTests: NETWORK },
    ]);
    return { ...fleet, sites: Object.fromEntries(sites) };
  };
  const look = { region: REGION, sealed: {} };
  expect(judgeRegion(fleetWith(plan), look)).toEqual([]);
  const tested = { ...plan, imageTests: { every: "1mo" as const } };
  expect(judgeRegion(fleetWith(tested), look)).toHaveLength(2);
});
