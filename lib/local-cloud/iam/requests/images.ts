import type * as ec2 from "@aws-sdk/client-ec2";
import type { Ask } from "../evaluate.ts";
import { requestTags } from "./request-tags.ts";
import { type Place, type Row, type Rows, rowsOf, throughService } from "./row.ts";

type Kind = "image" | "snapshot";

/** Images and snapshots have no account in their ARN; what is about to be made has no id yet. */
const arn = ({ region }: Place, kind: Kind, id = "*") => `arn:aws:ec2:${region}::${kind}/${id}`;

const ask = (action: string, resource: string): Ask => ({ action: `ec2:${action}`, resource });

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html: tags at the making are a permission of their own. */
const taggedBy = (
  action: string,
  place: Place,
  specified: readonly ec2.TagSpecification[] = [],
): readonly Ask[] =>
  specified
    .flatMap(({ ResourceType: kind }) => (kind === "image" || kind === "snapshot" ? [kind] : []))
    .map((kind) => ({
      ...ask("CreateTags", arn(place, kind)),
      context: { "ec2:createaction": action },
    }));

const create: Row = (input: ec2.CreateImageRequest, place) => [
  ask("CreateImage", `arn:aws:ec2:${place.region}:${place.account}:instance/${input.InstanceId}`),
  ask("CreateImage", arn(place, "image")),
  ask("CreateImage", arn(place, "snapshot")),
  ...taggedBy("CreateImage", place, input.TagSpecifications),
];

const copy: Row = (input: ec2.CopyImageRequest, place) => [
  ask(
    "CopyImage",
    arn({ ...place, region: input.SourceRegion ?? "" }, "image", input.SourceImageId),
  ),
  ask("CopyImage", arn(place, "image")),
  ask("CopyImage", arn(place, "snapshot")),
  ...taggedBy("CopyImage", place, input.TagSpecifications),
  ...throughService("ec2", place, input.KmsKeyId, [
    ...["kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
    ...["kms:ReEncryptFrom", "kms:ReEncryptTo"],
  ]),
];

const deregister: Row = (input: ec2.DeregisterImageRequest, place) => {
  const image = arn(place, "image", input.ImageId);
  const snapshots = input.DeleteAssociatedSnapshots ? place.facts.snapshotsOf(image) : [];
  return [
    ask("DeregisterImage", image),
    ...snapshots.map((id) => ask("DeleteSnapshot", arn(place, "snapshot", id))),
  ];
};

/** Images of machines, and the snapshots that they consist of. */
export const IMAGES: Rows = {
  ...rowsOf("ec2", ["DescribeInstances", "DescribeImages", "DescribeSnapshots"]),
  CreateImage: create,
  CopyImage: copy,
  DeregisterImage: deregister,
  DeleteSnapshot: (input: ec2.DeleteSnapshotRequest, place) => [
    ask("DeleteSnapshot", arn(place, "snapshot", input.SnapshotId)),
  ],
  CreateTags: ({ Resources = [], Tags }: ec2.CreateTagsRequest, place) =>
    Resources.map((id) => ({
      ...ask("CreateTags", arn(place, id.startsWith("ami-") ? "image" : "snapshot", id)),
      context: requestTags(Tags),
    })),
};
