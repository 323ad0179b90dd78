import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { IMAGE_FUNCTIONS } from "../../functions/snapshot/contract.ts";
import { TAGS } from "../sla/backups/catalogue.ts";
import { imagedIn } from "../sla/backups/images.ts";
import type { Fleet } from "../sla/fleet.ts";
import { allow, deny } from "./bundled-function.ts";

/** Who sees images of machines, who takes them, who copies them, who deletes them. */
export interface ImageGrants {
  readonly reconcile: readonly PolicyStatement[];
  readonly take: readonly PolicyStatement[];
  readonly copy: readonly PolicyStatement[];
  readonly rotate: readonly PolicyStatement[];
}

/** Undefined where no plan of the fleet sells images, or nobody says of which machines. */
export function imageGrants(fleet: Fleet, region: string): ImageGrants | undefined {
  if (imagedIn(fleet).length === 0) return undefined;
  const { account } = fleet.provider;
  const sites = Object.keys(fleet.sites);
  const of = (place: string) =>
    ["image", "snapshot"].map((kind) => `arn:aws:ec2:${place}::${kind}/*`);
  const ours = of(region);
  // Lists have no narrower resource in EC2; they change nothing.
  const list = allow(["ec2:DescribeImages", "ec2:DescribeSnapshots"], ["*"]);
  const tagWith = (action: string) =>
    allow(["ec2:CreateTags"], ours, { StringEquals: { "ec2:CreateAction": action } });
  return {
    reconcile: [
      list,
      allow(
        ["lambda:InvokeFunction"],
        Object.values(IMAGE_FUNCTIONS).map(
          (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
        ),
      ),
    ],
    take: [
      allow(["ec2:DescribeInstances"], ["*"]),
      ...machines(fleet, region),
      allow(["ec2:CreateImage"], ours),
      tagWith("CreateImage"),
    ],
    copy: [
      allow(["ec2:DescribeImages"], ["*"]),
      allow(["ec2:CopyImage"], sites.flatMap(of)),
      tagWith("CopyImage"),
      // EC2 reads with the key of the original and writes with that of the copies, for the caller.
      keysThroughEc2(sites.map((site) => `arn:aws:kms:${site}:${account}:key/*`)),
    ],
    rotate: [
      list,
      allow(["ec2:DeregisterImage", "ec2:DeleteSnapshot"], ours, {
        StringEquals: { [`aws:ResourceTag/${TAGS.managed}`]: "true" },
      }),
      deny(["ec2:DeregisterImage", "ec2:DeleteSnapshot"], ["*"], {
        Null: { [`aws:ResourceTag/${TAGS.hold}`]: "false" },
      }),
    ],
  };
}

/** As EC2 needs them of whoever has it make disks, or snapshots of them. */
export const keysThroughEc2 = (arns: readonly string[]) =>
  allow(
    [
      ...["kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt"],
      ...["kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
    ],
    arns,
    { StringLike: { "kms:ViaService": "ec2.*.amazonaws.com" } },
  );

/** Those of this region that the fleet names, and no others. */
function machines(fleet: Fleet, region: string): readonly PolicyStatement[] {
  const arn = (id: string) => `arn:aws:ec2:${region}:${fleet.provider.account}:instance/${id}`;
  const called = new Set(imagedIn(fleet).flatMap((instance) => instance.machines?.[region] ?? []));
  const ids = [...called].filter((each) => each.startsWith("i-"));
  const tags = Map.groupBy(
    [...called].filter((each) => !each.startsWith("i-")).map(tagIn),
    ([key]) => key,
  );
  return [
    ...(ids.length > 0 ? [allow(["ec2:CreateImage"], ids.map(arn))] : []),
    ...[...tags].map(([key, all]) =>
      allow(["ec2:CreateImage"], [arn("*")], {
        StringEquals: { [`aws:ResourceTag/${key}`]: all.map(([, value]) => value) },
      }),
    ),
  ];
}

function tagIn(called: string): readonly [key: string, value: string] {
  const at = called.indexOf("=");
  return [called.slice(0, at), called.slice(at + 1)];
}
