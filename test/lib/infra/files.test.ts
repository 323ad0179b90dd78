import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it, test } from "vitest";
import { noncurrentDays } from "../../../lib/infra/files.ts";
import type { PagesStack } from "../../../lib/infra/pages-stack.ts";
import type { SiteStack } from "../../../lib/infra/site-stack.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import type { Backups } from "../../../lib/sla/plan.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { fleet } from "./fleet.ts";
import { allStatements, appOf, type Grant, grantsByHolder, resourcesOf } from "./templates.ts";

/** Two of the test fleet have their files in one bucket, the third in one of its own. */
const filed: Fleet = {
  ...fleet,
  plans: { mintsys: { ...PRESETS["binhex"], name: "mintsys" } } as Fleet["plans"],
  instances: fleet.instances.map((each) => ({
    ...each,
    filestore: each.id === "cedar" ? "s3://cedar-files" : `s3://hosting/${each.id}`,
  })),
};

const app = appOf(filed);
const stack = app.node.findChild("Sla-eu-central-1") as SiteStack;
const template = Template.fromStack(stack);
const [bucket] = resourcesOf(template, "AWS::S3::Bucket").filter(({ Properties }) =>
  String(Properties["BucketName"]).startsWith("sla-files-"),
);

describe("the bucket of files", () => {
  it("keeps versions, is private, outlives the stack and says who came", () => {
    expect(bucket).toMatchObject({
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: {
        BucketName: "sla-files-111111111111-eu-central-1",
        VersioningConfiguration: { Status: "Enabled" },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LoggingConfiguration: { LogFilePrefix: "files/" },
      },
    });
  });

  it("lets versions go when the oldest backup of any plan has, and unfinished uploads after a week", () => {
    expect(bucket?.Properties["LifecycleConfiguration"]).toEqual({
      Rules: [
        {
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          ExpiredObjectDeleteMarker: true,
          Status: "Enabled",
        },
        {
          NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays(filed) },
          Status: "Enabled",
        },
      ],
    });
  });

  const days = (...sold: readonly Backups["schedules"][]) =>
    noncurrentDays({
      ...filed,
      plans: Object.fromEntries(
        sold.map((schedules, n) => [`p${n}`, { backups: { contents: ["database"], schedules } }]),
      ) as unknown as Fleet["plans"],
      instances: sold.flatMap((_, n) =>
        fleet.instances.map((each) => ({ ...each, plan: `p${n}` })),
      ),
    });
  test.each([
    ["a month", days([{ every: "1d", keep: "30d" }]), 31 + 92],
    [
      "the longer of two",
      days([{ every: "1d", keep: "30d" }], [{ every: "1d", keep: "60d" }]),
      61 + 92,
    ],
    ["no end that can be seen", days([{ every: "1mo", keepNewest: 90 }]), undefined],
    ["nothing", days(), 92],
  ])("of plans that keep %s", (_, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe("what may be done with files", () => {
  const grants = grantsByHolder(template);
  const own = (holder: string, action: string): Grant[] =>
    (grants.get(holder) ?? []).filter((grant) => grant.action === action);
  const resources = (action: string) =>
    own("sla-files", action)
      .flatMap((grant) => grant.resources)
      .toSorted();
  const replica = "arn:aws:s3:::sla-files-111111111111-eu-central-1";

  it("is reading below the fleet's filestores, and nothing beside them", () => {
    expect(resources("s3:GetObject")).toEqual([
      "arn:aws:s3:::cedar-files/*",
      "arn:aws:s3:::hosting/acme/*",
      "arn:aws:s3:::hosting/birch/*",
      `${replica}/originals/*`,
    ]);
    const lists = JSON.stringify(template.toJSON());
    expect(lists).toContain('"StringLike":{"s3:prefix":["acme/*","birch/*"]}');
  });

  it("is decrypting by S3, for objects of those filestores", () => {
    const [statement] = allStatements(template).filter(
      ({ Resource }) => Resource === "arn:aws:kms:*:111111111111:key/*",
    );
    expect(statement).toMatchObject({
      Action: "kms:Decrypt",
      Condition: {
        StringLike: {
          "kms:ViaService": "s3.*.amazonaws.com",
          "kms:EncryptionContext:aws:s3:arn": [
            "arn:aws:s3:::hosting",
            "arn:aws:s3:::cedar-files",
            "arn:aws:s3:::hosting/acme/*",
            "arn:aws:s3:::hosting/birch/*",
            "arn:aws:s3:::cedar-files/*",
          ],
        },
      },
    });
  });

  it("is deleting in the own bucket, and no version for good", () => {
    expect(resources("s3:DeleteObject")).toEqual(
      ["files", "manifests", "paths"].map((folder) => `${replica}/${folder}/*`),
    );
    const all = [...grants.values()].flat().map(({ action }) => action);
    expect(all.filter((action) => /DeleteObjectVersion/.test(action))).toEqual([]);
  });

  it("has a reason for every wildcard that AWS Solutions Checks find", () => {
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations).toEqual([]);
  });

  it("is, where dumps are made, leading to versions that a link names, and looking whether there are any", () => {
    const dumps = app.node.findChild("SlaPages-eu-west-1") as PagesStack;
    const own = "arn:aws:s3:::sla-files-111111111111-eu-west-1";
    const holders = grantsByHolder(Template.fromStack(dumps));
    const may = (holder: string) =>
      (holders.get(holder) ?? []).flatMap(({ action, resources: of }) =>
        of.flatMap((each) => (each.startsWith(own) ? [`${action} ${each.slice(own.length)}`] : [])),
      );
    expect(may("sla-download").toSorted()).toEqual([
      "s3:GetObjectVersion /files/*",
      "s3:GetObjectVersion /manifests/*",
      "s3:GetObjectVersion /paths/*",
    ]);
    expect(may("sla-customers").toSorted()).toEqual([
      "s3:GetObject /manifests/*",
      "s3:GetObject /paths/*",
    ]);
  });

  it("is for one function; the one that judges sees names of manifests", () => {
    const touching = [...grants].flatMap(([holder, its]) =>
      its.some(({ resources: of }) => of.some((each) => each.startsWith(replica))) ? [holder] : [],
    );
    expect(touching.toSorted()).toEqual(["sla-backups", "sla-files"]);
    const seen = (grants.get("sla-backups") ?? []).filter(({ resources: of }) =>
      of.includes(replica),
    );
    expect(seen.map(({ action }) => action)).toEqual(["s3:ListBucket"]);
  });
});
