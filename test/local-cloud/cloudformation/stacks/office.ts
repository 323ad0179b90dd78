import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as cfn from "@aws-sdk/client-cloudformation";
import { strToU8, zipSync } from "fflate";
import { onTestFinished, vi } from "vitest";
import { clientStacks } from "../../../../lib/local-cloud/client-stacks.ts";
import { s3Service } from "../../../../lib/local-cloud/s3/service.ts";
import { ssmService } from "../../../../lib/local-cloud/ssm/service.ts";
import { stsService } from "../../../../lib/local-cloud/sts/service.ts";
import { running, SECRET } from "../../wire/running.ts";
import { ACCOUNT, world } from "../fixture.ts";

const ASSETS = "assets";

/** CloudFormation behind the wire, with real S3, Lambda, Step Functions and Scheduler. */
export async function office(fromDisk: readonly string[] = []) {
  const directory = mkdtempSync(join(tmpdir(), "stacks-test-"));
  const made = world();
  const s3 = s3Service({ secretAccessKey: SECRET });
  const sts = stsService({ account: ACCOUNT, secretAccessKey: SECRET });
  const ssm = ssmService(sts.accountOf);
  s3.createBucket(ASSETS, "eu-central-2");
  const stacks = clientStacks({
    ...{ s3, ssm, directory, accountOf: sts.accountOf },
    targets: { ...made.services, s3, parameters: ssm.parameters },
    definitions: [s3, ssm, made.lambda, made.states, made.scheduler].map(
      ({ definition }) => definition,
    ),
    isFromDisk: (name) => fromDisk.includes(name),
    confirmSubscriptions: () => {},
  });
  const cloud = await running([stacks.definition, s3.definition, ssm.definition]);
  const client = new cfn.CloudFormationClient(cloud.client());
  onTestFinished(async () => {
    await stacks.close();
    await cloud.server.close();
    rmSync(directory, { recursive: true });
  });
  const describe = async (StackName: string) => {
    const { Stacks } = await client.send(new cfn.DescribeStacksCommand({ StackName }));
    return Stacks?.[0] as cfn.Stack;
  };
  const settled = (name: string) =>
    vi.waitUntil(
      async () => {
        const stack = await describe(name);
        return /_IN_PROGRESS$/.test(String(stack.StackStatus)) ? undefined : stack;
      },
      { timeout: 20_000, interval: 20 },
    );
  return { ...made, s3, ssm, client, cloud, describe, settled, ...deployments(client, settled) };
}

type Settled = (name: string) => Promise<cfn.Stack>;

function deployments(client: cfn.CloudFormationClient, settled: Settled) {
  const propose = async (
    StackName: string,
    template: object,
    more: Partial<cfn.CreateChangeSetInput> = {},
  ) => {
    const input = {
      StackName,
      ChangeSetName: "next",
      TemplateBody: JSON.stringify(template),
      ...more,
    };
    const { Id, StackId } = await client.send(new cfn.CreateChangeSetCommand(input));
    const proposed = { StackName: StackId, ChangeSetName: Id };
    return client.send(new cfn.DescribeChangeSetCommand(proposed));
  };
  const run = async (
    type: cfn.ChangeSetType,
    name: string,
    template: object,
    more: Partial<cfn.CreateChangeSetInput>,
  ) => {
    const { StackId, ChangeSetId } = await propose(name, template, {
      ChangeSetType: type,
      ...more,
    });
    await client.send(
      new cfn.ExecuteChangeSetCommand({ StackName: StackId, ChangeSetName: ChangeSetId }),
    );
    return settled(String(StackId));
  };
  return {
    propose,
    create: (name: string, template: object, more = {}) => run("CREATE", name, template, more),
    update: (name: string, template: object, more = {}) => run("UPDATE", name, template, more),
    async remove(name: string) {
      await client.send(new cfn.DeleteStackCommand({ StackName: name }));
      return settled(name);
    },
    /** `LogicalId STATUS`, oldest first, with the reason of what failed. */
    async events(name: string) {
      const { StackEvents = [] } = await client.send(
        new cfn.DescribeStackEventsCommand({ StackName: name }),
      );
      return StackEvents.toReversed().map(
        ({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
          [
            LogicalResourceId,
            ResourceStatus,
            ...(/FAILED$/.test(String(ResourceStatus)) ? [ResourceStatusReason] : []),
          ].join(" "),
      );
    },
  };
}

export const bucket = (BucketName: string, more: object = {}) => ({
  Type: "AWS::S3::Bucket",
  Properties: { BucketName },
  ...more,
});

export const parameter = (Name: string, Value: unknown) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Name, Value },
});

/** A function of this code, with its zip in the asset bucket. */
export function zipped(
  s3: { putObject(bucket: string, key: string, bytes: Uint8Array): void },
  key: string,
  code: string,
) {
  s3.putObject(ASSETS, key, zipSync({ "index.mjs": strToU8(code) }));
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      ...{ FunctionName: "f", Runtime: "nodejs24.x", Handler: "index.handler", Timeout: 30 },
      Code: { S3Bucket: ASSETS, S3Key: key },
    },
  };
}
