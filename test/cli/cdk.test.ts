import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { HeadBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeAll, expect, it } from "vitest";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { synthesize } from "../../lib/drill/synthesis.ts";
import type { Resource, Template } from "../../lib/local-cloud/cloudformation/template.ts";
import { alter, cdk, copied, type Environment, exportedIn } from "./cdk.ts";
import { HARBOUR, Sla, sla } from "./sla.ts";

const ACCOUNT = "555555555555";
const SITES = ["eu-west-1", "eu-south-2", "eu-west-3"];
const VANTAGE = "SlaVantage-eu-west-2";
/** In control. */
const PAGES = "SlaPages-eu-west-3";
/** A site each, and these two. */
const STACKS = SITES.length + 2;
const LONG = { timeout: 600_000 };

let run: Sla | undefined;
beforeAll(async () => void (await synthesize(HARBOUR)));
afterEach(async () => void (await run?.end()));

it("one either deploys an assembly or nothing", async () => {
  const both = ["--assembly", "cdk.out", "--no-deploy"];
  const { exitCode, stderr } = await sla("local", "up", "--fleet", HARBOUR, ...both);
  expect(stderr.trim()).toMatch(/^sla: --assembly cdk\.out with --no-deploy: .*leave one out$/);
  expect(exitCode).toBe(2);
});

it("the pinned CDK bootstraps, deploys, updates, rolls back and destroys", LONG, async () => {
  // At its own pace schedules fire once a minute, and leave the machine to the CDK.
  run = new Sla(["local", "up", "--fleet", HARBOUR, "--no-deploy", "--pace", "1"]);
  await run.until("the guide", () => /Ctrl-C ends it/.test(String(run?.stdout)));
  const environment = { ...exportedIn(run.stdout), TMPDIR: run.temporary };
  const assembly = copied((await synthesize(HARBOUR)).directory);
  const deploy = (...stacks: readonly string[]) =>
    cdk(
      environment,
      "deploy",
      ...stacks,
      "--app",
      assembly,
      "--require-approval",
      "never",
      "--concurrency",
      "2",
    );

  expect(await deploy("--all")).toMatchObject({
    exitCode: 1,
    output: expect.stringMatching(/Has the environment been bootstrapped\?/),
  });
  const places = [...SITES, "eu-west-2"].map((region) => `aws://${ACCOUNT}/${region}`);
  const bootstrapped = await cdk(environment, "bootstrap", ...places);
  expect(bootstrapped, bootstrapped.output).toMatchObject({ exitCode: 0 });
  for (const place of places)
    expect(bootstrapped.output).toContain(`Environment ${place} bootstrapped`);

  const deployed = await deploy("--all");
  expect(deployed, deployed.output).toMatchObject({ exitCode: 0 });
  const seconds = [...deployed.output.matchAll(/Deployment time: ([\d.]+)s/g)].map(([, s]) =>
    Number(s),
  );
  console.info(`deployed by the CDK, each in: ${seconds.join(" s, ")} s`);
  expect(seconds).toHaveLength(STACKS);
  expect(await statuses(environment)).toEqual(Array(STACKS).fill("CREATE_COMPLETE"));

  const again = await deploy("--all");
  expect(again.output.match(/\(no changes\)/g)).toHaveLength(STACKS);

  alter(assembly, VANTAGE, (template) => withAlarms(template, "told otherwise"));
  const updated = await deploy(VANTAGE);
  expect(updated, updated.output).toMatchObject({ exitCode: 0 });
  expect(updated.output).toMatch(/UPDATE_COMPLETE\s+\| AWS::CloudWatch::Alarm/);
  expect(updated.output).not.toMatch(/AWS::Lambda::Function/);

  alter(assembly, VANTAGE, (template) => withStrange(withAlarms(template, "never told")));
  const broken = await deploy(VANTAGE);
  expect(broken).toMatchObject({ exitCode: 1 });
  expect(broken.output).toMatch(/CREATE_FAILED.*AWS::Not::There/);
  expect(broken.output).toMatch(/UPDATE_ROLLBACK_COMPLET/);

  const destroy = () => cdk(environment, "destroy", "--all", "--force", "--app", assembly);
  const before = await outlives(environment);
  expect((await destroy()).output).toContain("while TerminationProtection is enabled");
  await unprotect(environment);
  const destroyed = await destroy();
  expect(destroyed, destroyed.output).toMatchObject({ exitCode: 0 });
  expect(await statuses(environment)).toEqual([]);
  expect(await outlives(environment)).toEqual(before);
});

function withAlarms(template: Template, AlarmDescription: string): Template {
  const changed = Object.entries(template.Resources ?? {}).map(
    ([id, resource]): [string, Resource] =>
      resource.Type === "AWS::CloudWatch::Alarm"
        ? [id, { ...resource, Properties: { ...resource.Properties, AlarmDescription } }]
        : [id, resource],
  );
  return { ...template, Resources: Object.fromEntries(changed) };
}

const withStrange = (template: Template): Template => ({
  ...template,
  Resources: {
    ...template.Resources,
    Strange: { Type: "AWS::Not::There", DependsOn: Object.keys(template.Resources ?? {}) },
  },
});

/** Of our stacks in all regions. */
async function statuses(environment: Environment): Promise<readonly string[]> {
  const all = [...SITES, "eu-west-2"].map(async (region) => {
    const { Stacks = [] } = await cloudFormation(environment, region).send(
      new DescribeStacksCommand({}),
    );
    return Stacks.filter(({ StackName }) => StackName !== "CDKToolkit").map(({ StackStatus }) =>
      String(StackStatus),
    );
  });
  return (await Promise.all(all)).flat();
}

async function unprotect(environment: Environment): Promise<void> {
  const off = { EnableTerminationProtection: false };
  for (const StackName of [...SITES.map((region) => `Sla-${region}`), PAGES]) {
    const region = StackName.replace(/^[^-]+-/, "");
    const command = new UpdateTerminationProtectionCommand({ StackName, ...off });
    await cloudFormation(environment, region).send(command);
  }
}

/** What no deployment and no removal may touch: databases, records, ledgers with what is in them. */
async function outlives(environment: Environment) {
  const reached = (region: string) => settingsOf(environment, region);
  const databases = SITES.map(async (region) => {
    const { DBInstances = [] } = await new RDSClient(reached(region)).send(
      new DescribeDBInstancesCommand({}),
    );
    return DBInstances.map(
      ({ DBInstanceIdentifier: id, DBInstanceStatus: status }) => `${id} ${status}`,
    );
  });
  const ledgers = SITES.map(async (region) => {
    const Bucket = ledgerBucket(ACCOUNT, region);
    const client = new S3Client({ ...reached(region), forcePathStyle: true });
    await client.send(new HeadBucketCommand({ Bucket }));
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: "fleet/" }),
    );
    return [Bucket, ...Contents.map(({ Key }) => Key)];
  });
  const zone = { HostedZoneId: "Z5HARBOUR00001" };
  const records = await new Route53Client(reached("us-east-1")).send(
    new ListResourceRecordSetsCommand(zone),
  );
  return {
    databases: await Promise.all(databases),
    ledgers: await Promise.all(ledgers),
    records: records.ResourceRecordSets,
  };
}

const cloudFormation = (environment: Environment, region: string) =>
  new CloudFormationClient(settingsOf(environment, region));

const settingsOf = (environment: Environment, region: string) => ({
  region,
  endpoint: String(environment["AWS_ENDPOINT_URL"]),
  credentials: {
    accessKeyId: String(environment["AWS_ACCESS_KEY_ID"]),
    secretAccessKey: String(environment["AWS_SECRET_ACCESS_KEY"]),
  },
});
