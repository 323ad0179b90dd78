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
    keyOf: () => undefined,
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
