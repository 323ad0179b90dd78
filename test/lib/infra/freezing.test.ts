import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import type { Frozen } from "../../../lib/sla/fleet.ts";
import { DELIVERIES_AT_ONCE } from "../../../lib/sla/quotas.ts";
import { fleet } from "./fleet.ts";
import { verdictOn } from "./frozen-policy.ts";
import { appOf, grantsByHolder, resourcesOf, templateOf } from "./templates.ts";

const PROVIDER = "111111111111";
const FROZEN_BUCKET = "arn:aws:s3:::sla-frozen-222222222222-eu-west-1";
const FROZEN = "222222222222";
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

const TASK = role(PROVIDER, "sla-freeze-task-eu-west-1");
const FUNCTION = role(PROVIDER, "sla-freeze-eu-west-1");
const DOWNLOAD = role(PROVIDER, "sla-download-eu-west-1");
const DELIVER = role(PROVIDER, "sla-deliver-eu-west-1");
const OUR_ADMIN = role(PROVIDER, "Administrator");
const OUR_ROOT = `arn:aws:iam::${PROVIDER}:root`;
const ADMIN = role(FROZEN, "Administrator");
const ROOT = `arn:aws:iam::${FROZEN}:root`;
const DEPLOYER = role(FROZEN, "cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1");
const DAYS = role(PROVIDER, "sla-days-eu-central-1");
const SEALS = role(PROVIDER, "sla-seals-eu-central-1");
const EVERYBODY = [TASK, FUNCTION, DOWNLOAD, OUR_ADMIN, OUR_ROOT, ADMIN, ROOT];

const dump = "acme/b1/a1/database.dump";
const contents = "acme/b1/a1/contents.txt";
const manifest = "acme/b1/manifest.json";
const seal = "seals/eu-central-1/2026-10-01.json";

describe("the bucket of frozen copies", () => {
  const template = templateOf("SlaFrozen-eu-west-1");
  const [bucket] = resourcesOf(template, "AWS::S3::Bucket");

  it("locks what is written, for as long as the fleet says, and outlives its stack", () => {
    expect(bucket?.DeletionPolicy).toBe("RetainExceptOnCreate");
    expect(bucket?.Properties).toMatchObject({
      BucketName: "sla-frozen-222222222222-eu-west-1",
      VersioningConfiguration: { Status: "Enabled" },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 120 } },
      },
      PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
    });
  });

  it("is encrypted by no key that somebody could delete", () => {
    expect(bucket?.Properties["BucketEncryption"]).toEqual({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
      ],
    });
  });

  it("has no rule that would take what was completed", () => {
    expect(bucket?.Properties["LifecycleConfiguration"]).toEqual({
      Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 }, Status: "Enabled" }],
    });
  });

  it.each([
    ["the task write a dump", TASK, "s3:PutObject", dump],
    ["the task give up an upload", TASK, "s3:AbortMultipartUpload", dump],
    ["the function write a manifest", FUNCTION, "s3:PutObject", manifest],
    ["the function read", FUNCTION, "s3:GetObject", dump],
    ["the function see how long it is locked", FUNCTION, "s3:GetObjectRetention", dump],
    ["what signs downloads read a dump", DOWNLOAD, "s3:GetObject", dump],
    ["what sends them to customers read a dump", DELIVER, "s3:GetObject", dump],
    ["a site read the seal of a day", DAYS, "s3:GetObject", seal],
    ["a site show the seal of a day", SEALS, "s3:GetObject", seal],
  ])("lets %s", (_what, by, action, key) => {
    expect(verdictOn({ by, action, key })).toBe("Allow");
  });

  it("lets a site put the seal of a day where none lies, over none, and list its own", () => {
    const put = { by: DAYS, action: "s3:PutObject", key: seal } as const;
    expect(verdictOn({ ...put, ifNoneMatch: true })).toBe("Allow");
    expect(verdictOn(put)).toBe("Deny");
    const list = { by: DAYS, action: "s3:ListBucket" } as const;
    expect(verdictOn({ ...list, prefix: "seals/eu-central-1/" })).toBe("Allow");
    expect(verdictOn({ ...list, prefix: "seals/" })).not.toBe("Allow");
  });

  it.each([
    ["the task read", TASK, "s3:GetObject", dump],
    ["the task write a manifest", TASK, "s3:PutObject", manifest],
    ["the function write a dump", FUNCTION, "s3:PutObject", dump],
    ["another role of ours write", OUR_ADMIN, "s3:PutObject", dump],
    ["another role of ours read", OUR_ADMIN, "s3:GetObject", dump],
    ["what signs downloads read a manifest", DOWNLOAD, "s3:GetObject", manifest],
    ["what signs downloads read what is no dump", DOWNLOAD, "s3:GetObject", contents],
    ["what signs downloads list", DOWNLOAD, "s3:ListBucket", undefined],
    ["what signs downloads write", DOWNLOAD, "s3:PutObject", dump],
    ["what sends them to customers read a manifest", DELIVER, "s3:GetObject", manifest],
    ["what sends them to customers list", DELIVER, "s3:ListBucket", undefined],
    ["what sends them to customers write", DELIVER, "s3:PutObject", dump],
    [
      "what signs them elsewhere read",
      role(PROVIDER, "sla-download-eu-south-1"),
      "s3:GetObject",
      dump,
    ],
    ["a site put another's seal", DAYS, "s3:PutObject", seal.replace("central-1", "central-2")],
    ["what shows seals put one", SEALS, "s3:PutObject", seal],
    ["what shows seals read a dump", SEALS, "s3:GetObject", dump],
    ["a site write a dump", DAYS, "s3:PutObject", dump],
    ["a site list", DAYS, "s3:ListBucket", undefined],
    ["whoever freezes put a seal", FUNCTION, "s3:PutObject", seal],
    ["anybody of ours change a retention", FUNCTION, "s3:PutObjectRetention", dump],
    ["a stranger read", role("333333333333", "sla-freeze-eu-west-1"), "s3:GetObject", dump],
  ])("does not let %s", (_what, by, action, key) => {
    expect(verdictOn({ by, action, ...(key && { key }) })).not.toBe("Allow");
  });

  it.each([
    ["hide an object behind a marker", { action: "s3:DeleteObject", key: dump }],
    ["bypass a lock", { action: "s3:BypassGovernanceRetention", key: dump }],
    ["lock longer than sold", { action: "s3:PutObjectRetention", key: dump, days: 121 }],
    ["delete the bucket", { action: "s3:DeleteBucket" }],
    ["change the default retention", { action: "s3:PutBucketObjectLockConfiguration" }],
    ["suspend versioning", { action: "s3:PutBucketVersioning" }],
    ["change the lifecycle", { action: "s3:PutLifecycleConfiguration" }],
  ])("refuses everybody, root included, to %s", (_what, call) => {
    for (const by of EVERYBODY) expect([by, verdictOn({ by, ...call })]).toEqual([by, "Deny"]);
  });

  it("refuses all but its own account to delete a version, and there S3 refuses until its time is over", () => {
    const verdicts = (callers: readonly string[]) =>
      callers.map((by) => verdictOn({ by, action: "s3:DeleteObjectVersion", key: dump }));
    expect(new Set(verdicts([TASK, FUNCTION, OUR_ADMIN, OUR_ROOT]))).toEqual(new Set(["Deny"]));
    expect(new Set(verdicts([ADMIN, ROOT]))).toEqual(new Set(["says nothing"]));
  });

  it("lets a deployment change its settings, but neither delete it nor what is in it", () => {
    const settings = ["s3:PutBucketObjectLockConfiguration", "s3:PutLifecycleConfiguration"];
    for (const action of settings) {
      expect(verdictOn({ by: DEPLOYER, action })).toBe("says nothing");
    }
    expect(verdictOn({ by: DEPLOYER, action: "s3:DeleteBucket" })).toBe("Deny");
    expect(verdictOn({ by: DEPLOYER, action: "s3:DeleteObject", key: dump })).toBe("Deny");
  });
});

describe("the site of the frozen region", () => {
  const template = templateOf("Sla-eu-west-1");
  /** What leads to the copies, beside it. */
  const shown = templateOf("SlaPages-eu-west-1");
  const [definition] = resourcesOf(template, "AWS::ECS::TaskDefinition");
  const containers = definition?.Properties["ContainerDefinitions"] as Record<string, unknown>[];

  it("runs public images out of the account's own registry, on ARM, with no image of ours", () => {
    expect(definition?.Properties).toMatchObject({
      RequiresCompatibilities: ["FARGATE"],
      RuntimePlatform: { CpuArchitecture: "ARM64" },
    });
    expect(containers.map(({ Image }) => Image)).toEqual([
      expect.stringMatching(
        /^111111111111\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/sla-public\/docker\/library\/postgres:\d+$/,
      ),
      expect.stringMatching(/\/sla-public\/aws-cli\/aws-cli:2\.\d+\.\d+$/),
    ]);
    const [rule] = resourcesOf(template, "AWS::ECR::PullThroughCacheRule");
    expect(rule?.Properties).toEqual({
      EcrRepositoryPrefix: "sla-public",
      UpstreamRegistry: "ecr-public",
      UpstreamRegistryUrl: "public.ecr.aws",
    });
  });

  it("gives the password to the dump alone, and no container anything in plain text", () => {
    expect(containers.map(({ Secrets }) => Secrets)).toEqual([
      [
        {
          Name: "PGPASSWORD",
          ValueFrom: `arn:aws:secretsmanager:eu-west-1:${PROVIDER}:secret:sla/restore:password::`,
        },
      ],
      undefined,
    ]);
    for (const { Environment, ReadonlyRootFilesystem } of containers) {
      expect([Environment, ReadonlyRootFilesystem]).toEqual([undefined, true]);
    }
  });

  it("has the endpoints that a task needs without a way to the internet", () => {
    const names = resourcesOf(template, "AWS::EC2::VPCEndpoint").map(({ Properties }) =>
      String(Properties["ServiceName"]).split(".eu-west-1.").at(-1),
    );
    expect(names.toSorted()).toEqual(["ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager"]);
  });

  it("lets the task into quarantined databases, of which a restored one is", () => {
    const into = resourcesOf(template, "AWS::EC2::SecurityGroupIngress").filter(
      ({ Properties }) => Properties["Description"] === "Freezing tasks of the SLA",
    );
    expect(into.map(({ Properties }) => Properties["GroupId"])).toEqual(["sg-3q"]);
  });

  it("lets the function run its task and look at it, and nobody anything more", () => {
    const actions = (holder: string) =>
      (grantsByHolder(template).get(holder) ?? []).map(({ action }) => action).toSorted();
    expect(actions("sla-freeze")).toEqual(
      [
        ...["ecs:DescribeTasks", "ecs:RunTask", "iam:PassRole"],
        ...["logs:CreateLogStream", "logs:PutLogEvents"],
        ...["s3:GetObject", "s3:GetObjectRetention", "s3:ListBucket", "s3:PutObject"],
      ].toSorted(),
    );
    expect(actions("sla-freeze task")).toEqual(["s3:AbortMultipartUpload", "s3:PutObject"]);
    expect(actions("sla-freeze execution")).toEqual(
      [
        ...["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchImportUpstreamImage"],
        ...["ecr:CreateRepository", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"],
        ...["logs:CreateLogStream", "logs:PutLogEvents", "secretsmanager:GetSecretValue"],
      ].toSorted(),
    );
  });

  it("lets what answers links read dumps and links, and write down who came", () => {
    const grants = grantsByHolder(shown).get("sla-download") ?? [];
    const ledger = "arn:aws:s3:::sla-ledger-111111111111-eu-west-1";
    expect(
      grants.flatMap(({ effect, action, resources }) =>
        action.startsWith("logs:") ? [] : [[effect, action, ...resources.toSorted()]],
      ),
    ).toEqual([
      [
        ...["Allow", "s3:GetObject", `${FROZEN_BUCKET}/*/database.dump`],
        ...[`${ledger}/fetches/*`, `${ledger}/links/*`],
      ],
      ["Allow", "s3:PutObject", `${ledger}/accesses/*`, `${ledger}/fetches/*`],
    ]);
    const [role] = resourcesOf(shown, "AWS::IAM::Role").filter(
      ({ Properties }) => Properties["RoleName"] === "sla-download-eu-west-1",
    );
    expect(role).toBeDefined();
  });

  it("answers links at a URL without a sign-in, and takes no more of the account than its share", () => {
    const [fn] = resourcesOf(shown, "AWS::Lambda::Function").filter(
      ({ Properties }) => Properties["FunctionName"] === "sla-download",
    );
    expect(fn?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 5,
      Environment: {
        Variables: {
          SLA_ACCOUNT: PROVIDER,
          FROZEN_BUCKET: "sla-frozen-222222222222-eu-west-1",
        },
      },
    });
    const urls = [template, shown].flatMap((each) => resourcesOf(each, "AWS::Lambda::Url"));
    expect(urls.map(({ Properties }) => Properties["AuthType"])).toEqual(["NONE", "NONE", "NONE"]);
  });

  it("lets what sends dumps to customers read dumps, open their secrets, and write down what it sent", () => {
    const grants = grantsByHolder(shown).get("sla-deliver") ?? [];
    const ledger = "arn:aws:s3:::sla-ledger-111111111111-eu-west-1";
    const files = "arn:aws:s3:::sla-files-111111111111-eu-west-1";
    const at = (service: string, what: string) =>
      `arn:aws:${service}:eu-west-1:${PROVIDER}:${what}`;
    expect(
      grants.flatMap(({ effect, action, resources }) =>
        action.startsWith("logs:") ? [] : [[effect, action, ...resources.toSorted()]],
      ),
    ).toEqual([
      [
        ...["Allow", "s3:GetObject", `${files}/manifests/*`],
        `${FROZEN_BUCKET}/*/database.dump`,
        ...["deliveries", "delivering", "fleet", "left"].map((folder) => `${ledger}/${folder}/*`),
      ],
      ["Allow", "s3:PutObject", `${ledger}/deliveries/*`, `${ledger}/delivering/*`],
      ["Allow", "s3:ListBucket", files, ledger],
      ["Allow", "s3:GetObjectVersion", `${files}/files/*`],
      [
        ...["Allow", "secretsmanager:GetSecretValue"],
        at("secretsmanager", "secret:cedar/destination"),
        at("secretsmanager", "secret:cedar/destination-??????"),
      ],
      [
        ...["Allow", "lambda:InvokeFunction"],
        ...["deliver", "freeze", "notify"].map((name) => at("lambda", `function:sla-${name}`)),
      ],
    ]);
    const [fn] = resourcesOf(shown, "AWS::Lambda::Function").filter(
      ({ Properties }) => Properties["FunctionName"] === "sla-deliver",
    );
    expect(fn?.Properties).toMatchObject({
      ...{ Timeout: 900, MemorySize: 1769, ReservedConcurrentExecutions: DELIVERIES_AT_ONCE },
    });
    expect(fn?.Properties).not.toHaveProperty("VpcConfig");
  });

  it("sends nothing where nobody has a destination", () => {
    const instances = fleet.instances.map(({ destination: _, ...each }) => each);
    const stack = appOf({ ...fleet, instances }).node.findChild("SlaPages-eu-west-1") as Stack;
    expect(grantsByHolder(Template.fromStack(stack)).has("sla-deliver")).toBe(false);
  });

  it("is the only one that freezes and leads to what was frozen", () => {
    for (const name of ["Sla-eu-central-1", "Sla-eu-central-2"]) {
      expect(resourcesOf(templateOf(name), "AWS::ECS::Cluster")).toEqual([]);
      expect(grantsByHolder(templateOf(name)).has("sla-download")).toBe(false);
      expect(grantsByHolder(templateOf(name)).has("sla-deliver")).toBe(false);
    }
  });

  it("answers no links where Lambda serves no URLs, and freezes all the same", () => {
    const zurich = { ...fleet, frozen: { ...fleet.frozen, region: "eu-central-2" } as Frozen };
    const { node } = appOf(zurich);
    const holders = ["Sla-eu-central-2", "SlaPages-eu-central-2"].flatMap((name) => [
      ...grantsByHolder(Template.fromStack(node.findChild(name) as Stack)).keys(),
    ]);
    expect(holders).toContain("sla-freeze");
    expect(holders).not.toContain("sla-download");
  });
});
