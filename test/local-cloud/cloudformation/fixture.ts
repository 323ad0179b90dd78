// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { deployAssembly } from "../../../lib/local-cloud/cloudformation/deploy.ts";
import type { DeployTargets } from "../../../lib/local-cloud/cloudformation/targets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { PolicyBook } from "../../../lib/local-cloud/iam/book.ts";
import { lambdaService } from "../../../lib/local-cloud/lambda/service.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";
import { schedulerService } from "../../../lib/local-cloud/scheduler/service.ts";
import { statesService } from "../../../lib/local-cloud/states/service.ts";

export const ACCOUNT = "111111111111";

/** Real Lambda, Scheduler and Step Functions; what the other services are asked is written down. */
export function world() {
  const log = new EventLog();
  const pace = new Pace(60);
  const asked: unknown[][] = [];
  const note =
    (what: string) =>
    (...args: unknown[]) =>
      void asked.push([what, ...args]);
  const lambda = lambdaService({ log, pace, environment: () => ({}) });
  const states = statesService({ log, pace, account: ACCOUNT, functions: lambda });
  const scheduler = schedulerService({ log, pace, account: ACCOUNT, targets: async () => {} });
  onTestFinished(() => lambda.close());
  const services: DeployTargets = {
    s3: {
      createBucket: note("createBucket"),
      putObject: (bucket, key, bytes) =>
        note("putObject")(bucket, key, Buffer.from(bytes).toString()),
    },
    sns: {
      createTopic: (region, name) => `arn:aws:sns:${region}:${ACCOUNT}:${name}`,
      subscribe: (region, topic, subscription) => {
        note("subscribe")(region, topic, subscription);
        return `${topic}:1`;
      },
    },
    groups: { create: (_region, id) => id, allow: note("allow"), revoke: note("revoke") },
    secrets: {
      create: (region, name, value) => {
        note("secret")(region, name, value);
        return `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${name}-AbCdEf`;
      },
      find: (region, name) => `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${name}-AbCdEf`,
    },
    parameters: { put: note("parameter"), remove: note("removeParameter") },
    subnetGroups: { put: note("subnetGroup") },
    senders: { put: note("sender") },
    alarms: { put: note("alarm") },
    lambda: {
      ...lambda,
      hide: note("hide"),
      expose: async (region, name) => {
        note("expose")(region, name);
        return `https://made.lambda-url.${region}.on.aws/`;
      },
    },
    httpApis: {
      create: async (region, name) => {
        note("httpApi")(region, name);
        return {
          id: "abcdefghij",
          endpoint: `https://abcdefghij.execute-api.${region}.amazonaws.com`,
        };
      },
      route: note("route"),
      unroute: note("unroute"),
      remove: note("removeApi"),
      stage: note("stage"),
    },
    distributions: {
      remove: note("removeDistribution"),
      put: async (name, spec) => {
        note("distribution")(name, spec);
        return { id: "E123", host: "d123.cloudfront.net" };
      },
    },
    ecs: {
      createCluster: (region, name) => `arn:aws:ecs:${region}:${ACCOUNT}:cluster/${name}`,
      register: (region, definition) => {
        note("register")(region, definition);
        return `arn:aws:ecs:${region}:${ACCOUNT}:task-definition/${definition.family}:1`;
      },
    },
    policies: new PolicyBook(),
    scheduler,
    states,
  };
  return { asked, lambda, states, scheduler, services };
}

type Files = Record<string, string | object>;

/** Writes files below a new folder; objects as JSON. */
export function folder(files: Files): string {
  const directory = mkdtempSync(join(tmpdir(), "assembly-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

/** An assembly with one stack `Sla-eu-central-1` whose only function is at key `code.zip`. */
export function assembly(
  Resources: object,
  code = "export const handler = async () => 1;",
): string {
  const file = (path: string, packaging: string, objectKey: string) => ({
    source: { path, packaging },
    destinations: {
      here: { bucketName: "cdk-assets-${AWS::AccountId}-${AWS::Region}", objectKey },
    },
  });
  return folder({
    "manifest.json": {
      version: "48.0.0",
      artifacts: {
        "S.assets": { type: "cdk:asset-manifest", properties: { file: "S.assets.json" } },
        S: {
          type: "aws:cloudformation:stack",
          environment: `aws://${ACCOUNT}/eu-central-1`,
          properties: { templateFile: "S.template.json", stackName: "Sla-eu-central-1" },
          dependencies: ["S.assets"],
        },
      },
    },
    "S.template.json": { Resources },
    "S.assets.json": {
      files: {
        code: file("asset.code", "zip", "code.zip"),
        fleet: file("asset.fleet.json", "file", "fleet.json"),
        template: file("S.template.json", "file", "t.json"),
      },
    },
    "asset.code/index.mjs": code,
    "asset.fleet.json": { instances: [] },
  });
}

export const fn = (more: object = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: "f",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { S3Bucket: "b", S3Key: "code.zip" },
    ...more,
  },
});

/** A role that a service may take on, with statements of its own. */
export const role = (service: string, ...Statement: readonly object[]) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: "r",
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
    },
    Policies: [{ PolicyName: "grants", PolicyDocument: { Statement } }],
  },
});

export const deploy = (directory: string, services: DeployTargets) =>
  deployAssembly({ directory, account: ACCOUNT, services, stacks: /^Sla/ });
