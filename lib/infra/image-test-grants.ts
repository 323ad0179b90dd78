import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { TEST_TAGS } from "../../functions/restore/contract.ts";
import {
  BOOT_FUNCTION,
  IMAGE_TEST_MACHINE,
  TEST_TYPES,
} from "../../functions/restore/image-contract.ts";
import { TAGS } from "../sla/backups/catalogue.ts";
import { bootedIn } from "../sla/backups/images.ts";
import type { Fleet, ImageTestNetwork } from "../sla/fleet.ts";
import { allow } from "./bundled-function.ts";
import { keysThroughEc2 } from "./image-grants.ts";

/** Who starts machines from images for a test, who ends them, who has tests begun: nobody does two of them. */
export interface ImageTestGrants {
  readonly boot: readonly PolicyStatement[];
  readonly terminate: readonly PolicyStatement[];
  readonly reconcile: readonly PolicyStatement[];
}

/** Undefined where no plan of the fleet sells them, or the site has no network for them. `common`: to read ledgers and write what was found. */
export function imageTestGrants(
  fleet: Fleet,
  region: string,
  common: readonly PolicyStatement[],
): ImageTestGrants | undefined {
  const network = fleet.sites[region]?.imageTests;
  if (bootedIn(fleet).length === 0 || !network) return undefined;
  const { account } = fleet.provider;
  const here = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  return {
    boot: [
      ...common,
      ...looking(),
      ...starting(network, region, (name) => here("ec2", name)),
      ...tagging(region, (name) => here("ec2", name)),
      // EC2 makes disks of snapshots with the key of those, for the caller.
      keysThroughEc2([here("kms", "key/*")]),
      allow(["states:StartExecution"], [here("states", `stateMachine:${IMAGE_TEST_MACHINE}`)]),
    ],
    terminate: [
      allow(["ec2:DescribeInstances"], ["*"]),
      allow(["ec2:TerminateInstances"], [here("ec2", "instance/*")], {
        Null: { [`aws:ResourceTag/${TEST_TAGS.test}`]: "false" },
      }),
    ],
    reconcile: [allow(["lambda:InvokeFunction"], [here("lambda", `function:${BOOT_FUNCTION}`)])],
  };
}

type Arn = (name: string) => string;

const IS_OURS = { StringEquals: { [`aws:ResourceTag/${TAGS.managed}`]: "true" } };
const IS_FOR_TEST = { Null: { [`aws:RequestTag/${TEST_TAGS.test}`]: "false" } };

const imagesOf = (region: string) => `arn:aws:ec2:${region}::image/*`;

/** Lists have no narrower resource in EC2; they change nothing. */
const looking = () => [
  allow(
    [
      ...["ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeInstanceStatus"],
      "ec2:DescribeSecurityGroups",
    ],
    ["*"],
  ),
];

/** From images of ours, into one subnet and one group, without a public address; without `iam:PassRole` no machine gets a role. */
const starting = ({ subnet, securityGroup }: ImageTestNetwork, region: string, ec2: Arn) => [
  allow(["ec2:RunInstances"], [imagesOf(region), `arn:aws:ec2:${region}::snapshot/*`], IS_OURS),
  allow(["ec2:RunInstances"], [ec2(`subnet/${subnet}`), ec2(`security-group/${securityGroup}`)]),
  allow(["ec2:RunInstances"], [ec2("instance/*")], {
    ...IS_FOR_TEST,
    StringEquals: { "ec2:InstanceType": Object.values(TEST_TYPES) },
  }),
  allow(["ec2:RunInstances"], [ec2("volume/*")], IS_FOR_TEST),
  allow(["ec2:RunInstances"], [ec2("network-interface/*")], {
    Bool: { "ec2:AssociatePublicIpAddress": "false" },
    ArnEquals: { "ec2:Subnet": ec2(`subnet/${subnet}`) },
  }),
];

/** What is being started; and on images that are ours already what was found, no other tag, so that nobody makes an image ours by it. */
const tagging = (region: string, ec2: Arn) => [
  allow(["ec2:CreateTags"], [ec2("instance/*"), ec2("volume/*")], {
    StringEquals: { "ec2:CreateAction": "RunInstances" },
  }),
  allow(["ec2:CreateTags"], [imagesOf(region)], {
    ...IS_OURS,
    "ForAllValues:StringEquals": { "aws:TagKeys": [TAGS.tested, TAGS.verified, TAGS.refuted] },
  }),
];
