import { expect, test } from "vitest";
import { asksOf } from "../../../lib/local-cloud/iam/requests/all.ts";

const PLACE = {
  ...{ account: "111111111111", region: "eu-west-1" },
  facts: {
    tagsOf: () => undefined,
    secretArn: () => undefined,
    machineOfToken: () => undefined,
    taskDefinition: () => undefined,
    snapshotsOf: (image: string) => (image.endsWith("/ami-1") ? ["snap-1", "snap-2"] : []),
    keyOf: (arn: string) => (arn.endsWith("/snap-2") ? "alias/a" : undefined),
  },
};
const TAGS = ["image", "snapshot"].map((ResourceType) => ({ ResourceType, Tags: [] }));

const asked = (operation: string, input: object) =>
  asksOf("ec2", operation, input, PLACE)?.map(({ action, resource }) => `${action} ${resource}`);

test.for<[string, string, object, readonly string[]]>([
  [
    "an image is of a machine, and is tagged while it is made",
    "CreateImage",
    { InstanceId: "i-1", Name: "x", TagSpecifications: TAGS },
    [
      "ec2:CreateImage arn:aws:ec2:eu-west-1:111111111111:instance/i-1",
      "ec2:CreateImage arn:aws:ec2:eu-west-1::image/*",
      "ec2:CreateImage arn:aws:ec2:eu-west-1::snapshot/*",
      "ec2:CreateTags arn:aws:ec2:eu-west-1::image/*",
      "ec2:CreateTags arn:aws:ec2:eu-west-1::snapshot/*",
    ],
  ],
  [
    "a copy is of an image elsewhere, by a key of here",
    "CopyImage",
    { SourceImageId: "ami-1", SourceRegion: "eu-central-1", Name: "x", KmsKeyId: "alias/a" },
    [
      "ec2:CopyImage arn:aws:ec2:eu-central-1::image/ami-1",
      "ec2:CopyImage arn:aws:ec2:eu-west-1::image/*",
      "ec2:CopyImage arn:aws:ec2:eu-west-1::snapshot/*",
      ...["CreateGrant", "DescribeKey", "GenerateDataKeyWithoutPlaintext"].map(
        (action) => `kms:${action} arn:aws:kms:eu-west-1:111111111111:key/a`,
      ),
      "kms:ReEncryptFrom arn:aws:kms:eu-west-1:111111111111:key/a",
      "kms:ReEncryptTo arn:aws:kms:eu-west-1:111111111111:key/a",
    ],
  ],
  [
    "whoever deregisters an image with its snapshots may delete each of them",
    "DeregisterImage",
    { ImageId: "ami-1", DeleteAssociatedSnapshots: true },
    [
      "ec2:DeregisterImage arn:aws:ec2:eu-west-1::image/ami-1",
      "ec2:DeleteSnapshot arn:aws:ec2:eu-west-1::snapshot/snap-1",
      "ec2:DeleteSnapshot arn:aws:ec2:eu-west-1::snapshot/snap-2",
    ],
  ],
  [
    "without them it needs no more",
    "DeregisterImage",
    { ImageId: "ami-1" },
    ["ec2:DeregisterImage arn:aws:ec2:eu-west-1::image/ami-1"],
  ],
  [
    "tags are given to what is named",
    "CreateTags",
    { Resources: ["ami-1", "snap-1"], Tags: [] },
    [
      "ec2:CreateTags arn:aws:ec2:eu-west-1::image/ami-1",
      "ec2:CreateTags arn:aws:ec2:eu-west-1::snapshot/snap-1",
    ],
  ],
])("%s", ([, operation, input, expected]) => {
  expect(asked(operation, input)).toEqual(expected);
});

test("tags at the making are judged by what makes", () => {
  const asks = asksOf("ec2", "CreateImage", { InstanceId: "i-1", TagSpecifications: TAGS }, PLACE);
  expect(asks?.map(({ context }) => context?.["ec2:createaction"]).filter(Boolean)).toEqual([
    "CreateImage",
    "CreateImage",
  ]);
});

test("a machine is started from an image, in a network, with disks by the keys of their snapshots, each asked for by itself", () => {
  const input = {
    ...{ ImageId: "ami-1", InstanceType: "t3.medium" },
    NetworkInterfaces: [
      { SubnetId: "subnet-1", Groups: ["sg-1"], AssociatePublicIpAddress: false },
    ],
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
  };
  const own = (name: string) => `arn:aws:ec2:eu-west-1:111111111111:${name}`;
  expect(asked("RunInstances", input)).toEqual([
    "ec2:RunInstances arn:aws:ec2:eu-west-1::image/ami-1",
    "ec2:RunInstances arn:aws:ec2:eu-west-1::snapshot/snap-1",
    "ec2:RunInstances arn:aws:ec2:eu-west-1::snapshot/snap-2",
    ...["instance/*", "volume/*", "subnet/subnet-1", "security-group/sg-1"].map(
      (name) => `ec2:RunInstances ${own(name)}`,
    ),
    `ec2:RunInstances ${own("network-interface/*")}`,
    `ec2:CreateTags ${own("instance/*")}`,
    ...["CreateGrant", "Decrypt", "GenerateDataKeyWithoutPlaintext"].map(
      (action) => `kms:${action} arn:aws:kms:eu-west-1:111111111111:key/a`,
    ),
  ]);
  const asks = asksOf("ec2", "RunInstances", input, PLACE) ?? [];
  const contextOf = (ending: string) =>
    asks.find(({ resource }) => resource.endsWith(ending))?.context;
  expect(contextOf("instance/*")).toMatchObject({
    ...{ "aws:requesttag/a": "b", "ec2:instancetype": "t3.medium" },
  });
  expect(contextOf("volume/*")).toEqual({ "aws:tagkeys": [] });
  expect(contextOf("network-interface/*")).toEqual({
    ...{ "ec2:subnet": own("subnet/subnet-1"), "ec2:associatepublicipaddress": "false" },
  });
  const withRole = { ...input, IamInstanceProfile: { Arn: "arn:aws:iam::1:instance-profile/x" } };
  expect(asked("RunInstances", withRole)).toContain(
    "iam:PassRole arn:aws:iam::1:instance-profile/x",
  );
});

test("each machine is ended by itself, and tags say what they are", () => {
  expect(asked("TerminateInstances", { InstanceIds: ["i-1", "i-2"] })).toEqual([
    "ec2:TerminateInstances arn:aws:ec2:eu-west-1:111111111111:instance/i-1",
    "ec2:TerminateInstances arn:aws:ec2:eu-west-1:111111111111:instance/i-2",
  ]);
  const Tags = [{ Key: "sla:tested", Value: "2026" }];
  const [ask] = asksOf("ec2", "CreateTags", { Resources: ["ami-1"], Tags }, PLACE) ?? [];
  expect(ask?.context).toEqual({
    "aws:requesttag/sla:tested": "2026",
    "aws:tagkeys": ["sla:tested"],
  });
});
