import type * as ec2 from "@aws-sdk/client-ec2";
import type { Ask } from "../evaluate.ts";
import { requestTags } from "./request-tags.ts";
import { type Place, type Row, type Rows, rowsOf, throughService } from "./row.ts";

const ask = (action: string, resource: string, context: Ask["context"] = {}): Ask => ({
  ...{ action: `ec2:${action}`, resource, context },
});

const own = ({ region, account }: Place, name: string) =>
  `arn:aws:ec2:${region}:${account}:${name}`;

/**
 * What it starts from, where, and what comes of it: each is a resource with conditions of its own
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances).
 */
const run: Row = (input: ec2.RunInstancesRequest, place) => {
  const { ImageId = "", NetworkInterfaces = [], TagSpecifications = [] } = input;
  const image = `arn:aws:ec2:${place.region}::image/${ImageId}`;
  const tagsFor = (kind: string) =>
    TagSpecifications.find(({ ResourceType }) => ResourceType === kind)?.Tags ?? [];
  const starts = (name: string, context: Ask["context"] = {}) =>
    ask("RunInstances", own(place, name), context);
  return [
    ask("RunInstances", image),
    ...place.facts
      .snapshotsOf(image)
      .map((id) => ask("RunInstances", `arn:aws:ec2:${place.region}::snapshot/${id}`)),
    starts("instance/*", {
      ...requestTags(tagsFor("instance")),
      "ec2:instancetype": input.InstanceType,
    }),
    starts("volume/*", requestTags(tagsFor("volume"))),
    ...NetworkInterfaces.flatMap(
      ({ SubnetId = "", Groups = [], AssociatePublicIpAddress: open }) => [
        starts(`subnet/${SubnetId}`),
        ...Groups.map((group) => starts(`security-group/${group}`)),
        starts("network-interface/*", {
          "ec2:subnet": own(place, `subnet/${SubnetId}`),
          ...(open !== undefined && { "ec2:associatepublicipaddress": String(open) }),
        }),
      ],
    ),
    ...TagSpecifications.map(({ ResourceType: kind, Tags }) =>
      ask("CreateTags", own(place, `${kind}/*`), {
        ...requestTags(Tags),
        "ec2:createaction": "RunInstances",
      }),
    ),
    ...(input.IamInstanceProfile
      ? [{ action: "iam:PassRole", resource: input.IamInstanceProfile.Arn ?? "*" }]
      : []),
    ...disksOf(place, image),
  ];
};

/** EC2 makes disks with the keys of their snapshots, for the caller. */
const disksOf = (place: Place, image: string): readonly Ask[] =>
  place.facts
    .snapshotsOf(image)
    .flatMap((id) =>
      throughService(
        "ec2",
        place,
        place.facts.keyOf(`arn:aws:ec2:${place.region}::snapshot/${id}`),
        ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"],
      ),
    );

/** Machines that are started and ended. */
export const LAUNCHES: Rows = {
  ...rowsOf("ec2", ["DescribeInstanceStatus"]),
  RunInstances: run,
  TerminateInstances: ({ InstanceIds = [] }: ec2.TerminateInstancesRequest, place) =>
    InstanceIds.map((id) => ask("TerminateInstances", own(place, `instance/${id}`))),
};
