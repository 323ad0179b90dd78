// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deployAssembly } from "../../../lib/local-cloud/cloudformation/deploy.ts";
import { ACCOUNT, assembly, deploy, fn, folder, role, world } from "./fixture.ts";

const machine = (definition: object) => ({
  Type: "AWS::StepFunctions::StateMachine",
  Properties: {
    StateMachineName: "m",
    DefinitionString: { "Fn::Sub": JSON.stringify(definition) },
  },
});

test("a stack becomes functions, machines, schedules, topics, groups, buckets and alarms", async () => {
  const { services, asked, lambda, states } = world();
  const directory = assembly({
    Tick: {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        Name: "tick",
        ScheduleExpression: "rate(1 minute)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: { "Fn::GetAtt": ["Fn", "Arn"] },
          RoleArn: { "Fn::GetAtt": ["Role", "Arn"] },
        },
      },
    },
    Machine: machine({
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { A: { Type: "Task", Resource: "${Fn.Arn}", End: true } },
    }),
    Config: {
      Type: "AWS::Lambda::EventInvokeConfig",
      Properties: { FunctionName: { Ref: "Fn" }, MaximumRetryAttempts: 0, Qualifier: "$LATEST" },
    },
    Fn: fn({
      Environment: { Variables: { LEDGER: { Ref: "Ledger" }, N: 5 } },
      VpcConfig: { SecurityGroupIds: [{ "Fn::GetAtt": ["Group", "GroupId"] }] },
      Timeout: 30,
    }),
    Role: role("scheduler.amazonaws.com"),
    Ledger: {
      Type: "AWS::S3::Bucket",
      Properties: { BucketName: "ledger", VersioningConfiguration: { Status: "Enabled" } },
    },
    Group: { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "sql" } },
    Rule: {
      Type: "AWS::EC2::SecurityGroupIngress",
      Properties: {
        GroupId: "sg-site",
        SourceSecurityGroupId: { "Fn::GetAtt": ["Group", "GroupId"] },
      },
    },
    Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "alerts" } },
    Mail: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        TopicArn: { Ref: "Topic" },
        Protocol: "email",
        Endpoint: "a@b.example",
        FilterPolicy: { recipient: ["a@b.example"] },
      },
    },
    Silent: { Type: "AWS::CloudWatch::Alarm", Properties: { AlarmName: "silent", Threshold: 1 } },
    Skipped: { Type: "AWS::Not::There", Condition: "Never" },
  });
  // The condition lives in the template, so it is added to the one stack.
  const { stacks } = await deploy(withCondition(directory), services);
  const made = expect.stringMatching(/^sg-[0-9a-f]{17}$/);

  expect(asked).toEqual([
    [
      "createBucket",
      `cdk-hnb659fds-assets-${ACCOUNT}-eu-central-1`,
      "eu-central-1",
      { versioning: true },
    ],
    ["putObject", `cdk-assets-${ACCOUNT}-eu-central-1`, "fleet.json", '{"instances":[]}'],
    ["createBucket", "ledger", "eu-central-1", { versioning: true }],
    ["allow", "eu-central-1", "sg-site", { group: made }, { protocol: "-1" }],
    [
      "subscribe",
      "eu-central-1",
      `arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`,
      { protocol: "email", endpoint: "a@b.example", filterPolicy: { recipient: ["a@b.example"] } },
    ],
    ["alarm", "eu-central-1", { AlarmName: "silent", Threshold: 1 }],
  ]);
  expect(lambda.functions()).toMatchObject([
    {
      name: "f",
      region: "eu-central-1",
      codeDirectory: join(directory, "asset.code"),
      environment: { LEDGER: "ledger", N: "5" },
      vpc: { securityGroups: [made] },
      memoryMb: 128,
      timeoutSeconds: 30,
    },
  ]);
  const arn = `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:m`;
  expect(await states.start(arn, "{}").ended).toEqual({ status: "SUCCEEDED", output: "1" });
  expect(stacks[0]?.resources.map(({ logicalId }) => logicalId)).not.toContain("Skipped");
});

test("a bucket with object lock has its retention from the beginning", async () => {
  const { services, asked } = world();
  const frozen = (properties: object) =>
    assembly({
      Frozen: { Type: "AWS::S3::Bucket", Properties: { BucketName: "frozen", ...properties } },
    });
  const retention = { Mode: "COMPLIANCE", Days: 120 };
  const ObjectLockConfiguration = {
    ObjectLockEnabled: "Enabled",
    Rule: { DefaultRetention: retention },
  };
  await deploy(frozen({ ObjectLockEnabled: true, ObjectLockConfiguration }), services);
  const lock = { mode: "COMPLIANCE", days: 120 };
  expect(asked).toContainEqual([
    "createBucket",
    "frozen",
    "eu-central-1",
    { versioning: false, lock },
  ]);
  await expect(deploy(frozen({ ObjectLockConfiguration }), services)).rejects.toThrow(
    "needs ObjectLockEnabled",
  );
});

test("a stack of another account is deployed under its own number, if it is said to be one", async () => {
  const { services } = world();
  const directory = assembly({ Key: { Type: "AWS::KMS::Key", Properties: {} } });
  const elsewhere = { directory, account: "222222222222", services };
  await expect(deployAssembly(elsewhere)).rejects.toThrow(
    `stack Sla-eu-central-1 is for account ${ACCOUNT}, this cloud has 222222222222`,
  );
  const { stacks } = await deployAssembly({ ...elsewhere, foreign: /^Sla-/ });
  expect(stacks.map(({ name }) => name)).toEqual(["Sla-eu-central-1"]);
});

function withCondition(directory: string): string {
  const { readFileSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const path = join(directory, "S.template.json");
  const template = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(
    path,
    JSON.stringify({ ...template, Conditions: { Never: { "Fn::Equals": ["a", "b"] } } }),
  );
  return directory;
}

const answer = (body: string) => `
  import http from "node:http";
  export const handler = async (event) => {
    const { promise, resolve } = Promise.withResolvers();
    http.request(event.ResponseURL, { method: "PUT" }, resolve).end(JSON.stringify(${body}));
    await promise;
  };`;
const custom = {
  Type: "Custom::Fleet",
  Properties: { ServiceToken: { "Fn::GetAtt": ["Fn", "Arn"] }, count: 5, on: true },
};

test("a custom resource gets CloudFormation's event and its answer can be referred to", async () => {
  const { services } = world();
  const code = answer(
    '{ Status: "SUCCESS", PhysicalResourceId: "fleet-1", Data: { type: event.RequestType + event.ResourceType + event.LogicalResourceId, properties: event.ResourceProperties.count + event.ResourceProperties.on } }',
  );
  const directory = assembly(
    {
      Fleet: custom,
      Fn: fn(),
      Topic: {
        Type: "AWS::SNS::Topic",
        Properties: { TopicName: { "Fn::Sub": "${Fleet}-${Fleet.type}-${Fleet.properties}" } },
      },
    },
    code,
  );
  const { stacks } = await deploy(directory, services);
  const topic = stacks[0]?.resources.find(({ logicalId }) => logicalId === "Topic");
  expect(topic?.ref).toBe(
    `arn:aws:sns:eu-central-1:${ACCOUNT}:fleet-1-CreateCustom::FleetFleet-5true`,
  );
});

const place = "stack Sla-eu-central-1, resource";
test.each([
  [
    "a custom resource that fails",
    { Fn: fn(), C: custom },
    answer('{ Status: "FAILED", Reason: "no bucket" }'),
    `${place} C (Custom::Fleet): function f answered FAILED: no bucket`,
  ],
  [
    "a custom resource that throws",
    { Fn: fn(), C: custom },
    "export const handler = async () => { throw new Error('boom'); };",
    `${place} C (Custom::Fleet): function f failed: Error: boom`,
  ],
  [
    "a custom resource that says nothing",
    { Fn: fn(), C: custom },
    "export const handler = async () => 1;",
    "function f ended without an answer to its ResponseURL",
  ],
  [
    "a kind that is not covered",
    { X: { Type: "AWS::DynamoDB::Table" } },
    "",
    `${place} X (AWS::DynamoDB::Table): the local cloud does not create resources of this type`,
  ],
  [
    "inline code",
    { X: fn({ Code: { ZipFile: "exports" } }) },
    "",
    `${place} X (AWS::Lambda::Function): Code.S3Key undefined is no folder asset`,
  ],
  [
    "another runtime",
    { X: fn({ Runtime: "python3.13" }) },
    "",
    "Runtime python3.13 is not run here",
  ],
  [
    "a state machine in JSONPath",
    { X: machine({ StartAt: "A", States: { A: { Type: "Pass", End: true } } }) },
    "",
    `${place} X (AWS::StepFunctions::StateMachine): state machine m, QueryLanguage: JSONPath`,
  ],
  [
    "a definition elsewhere",
    { X: { Type: "AWS::StepFunctions::StateMachine", Properties: { DefinitionS3Location: {} } } },
    "",
    "DefinitionS3Location is not read here",
  ],
  [
    "a schedule that cannot be",
    {
      X: {
        Type: "AWS::Scheduler::Schedule",
        Properties: { Name: "x", ScheduleExpression: "rate(x)", Target: { Arn: "a" } },
      },
    },
    "",
    "schedule expression 'rate(x)'",
  ],
  [
    "an import",
    { X: { Type: "AWS::SNS::Topic", Properties: { TopicName: { "Fn::ImportValue": "x" } } } },
    "",
    `${place} X (AWS::SNS::Topic): Fn::ImportValue is not supported`,
  ],
])("%s is refused in one line", async (_, resources, code, message) => {
  const { services } = world();
  const error: Error = await deploy(assembly(resources, code), services).then(
    () => expect.fail("deployed"),
    (cause) => cause,
  );
  expect(error.message).toContain(message);
  expect(error.message).not.toContain("\n");
});

const manifest = (more: object) =>
  folder({ "manifest.json": { version: "48.0.0", artifacts: {}, ...more } });
const missingAsset = () => {
  const directory = assembly({});
  rmSync(join(directory, "asset.code"), { recursive: true });
  return directory;
};

test.each([
  ["no manifest", () => folder({}), "there is no manifest.json; run cdk synth first"],
  ["a manifest that is no JSON", () => folder({ "manifest.json": "{" }), "run cdk synth again"],
  [
    "something else's manifest",
    () => folder({ "manifest.json": { name: "web app" } }),
    "no manifest of cdk synth",
  ],
  ["a newer manifest", () => manifest({ version: "999.0.0" }), "version 999.0.0, up to"],
  [
    "an app without a stack of ours",
    () => manifest({ artifacts: { Web: { type: "aws:cloudformation:stack" } } }),
    "no stack is named like ^Sla (found: Web)",
  ],
  ["a missing asset", missingAsset, "asset asset.code is missing; run cdk synth again"],
])("%s is refused in one line that says what to do", async (_, make, message) => {
  const directory = make();
  const error: Error = await deploy(directory, world().services).then(
    () => expect.fail("deployed"),
    (cause) => cause,
  );
  expect(error.message).toContain(message);
  expect(error.message).toMatch(new RegExp(`^${directory}[^\n]*$`));
});

test("an assembly for another account is refused", async () => {
  const { services } = world();
  const attempt = deployAssembly({ directory: assembly({}), account: "222222222222", services });
  await expect(attempt).rejects.toThrow(`is for account ${ACCOUNT}, this cloud has 222222222222`);
});
