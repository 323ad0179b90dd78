import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { fleet } from "./fleet.ts";
import { appOf, type Resource, templates } from "./templates.ts";

/** What other sites, people and documents call by name, and the property that names it. */
const NAMED: Readonly<Record<string, string>> = {
  "AWS::ApiGatewayV2::Api": "Name",
  "AWS::ApiGatewayV2::Authorizer": "Name",
  "AWS::CloudWatch::Alarm": "AlarmName",
  "AWS::ECR::PullThroughCacheRule": "EcrRepositoryPrefix",
  "AWS::ECS::Cluster": "ClusterName",
  "AWS::ECS::TaskDefinition": "Family",
  "AWS::KMS::Alias": "AliasName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::Scheduler::Schedule": "Name",
  "AWS::SecretsManager::Secret": "Name",
  "AWS::StepFunctions::StateMachine": "StateMachineName",
};

/** What nobody calls by name: parts of something named, and what AWS gives an id. */
const NAMELESS: ReadonlySet<string> = new Set([
  "AWS::ApiGatewayV2::Integration",
  "AWS::ApiGatewayV2::Route",
  "AWS::ApiGatewayV2::Stage",
  "AWS::CDK::Metadata",
  "AWS::CloudFront::Distribution",
  "AWS::CloudFront::OriginAccessControl",
  "AWS::CloudFront::ResponseHeadersPolicy",
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::SecurityGroupEgress",
  "AWS::EC2::SecurityGroupIngress",
  "AWS::EC2::VPCEndpoint",
  // IAM is one for all regions: a name would be taken by the first site that is deployed; those that another
  // account lets in have their region in it.
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::KMS::Key",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::Permission",
  "AWS::Lambda::Url",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::Subscription",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
  "Custom::SlaFleet",
  "Custom::SlaRecipients",
]);

const OURS =
  /^(sla-|sla\/|alias\/sla-|\/aws\/(lambda|apigateway)\/sla-|\/aws\/ecs\/sla-|\/aws\/vendedlogs\/states\/sla-)[a-z0-9-]+$/;

/** What may be reached from outside: its policies, and the property in which these name it. */
const GUARDED = [
  ["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"],
  ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"],
  ["AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"],
] as const;

type Json = Readonly<Record<string, unknown>>;
interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const resourcesIn = (template: Template): readonly (readonly [string, Resource])[] =>
  Object.entries(template.toJSON()["Resources"] as Readonly<Record<string, Resource>>);

const ofType = (template: Template, type: string) =>
  resourcesIn(template).filter(([, { Type }]) => Type === type);

/** Every policy document of a template, whatever it is attached to. */
const documentsIn = (template: Template) =>
  resourcesIn(template).flatMap(([id, { Properties = {} }]) =>
    [Properties, ...inlineOf(Properties)].flatMap((holder) =>
      ["PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy"].flatMap((name) => {
        const document = holder[name] as { Statement: readonly Statement[] } | undefined;
        return document ? [{ id, name, statements: document.Statement }] : [];
      }),
    ),
  );

/** Policies that are in a role itself. */
const inlineOf = (properties: Json): readonly Json[] =>
  (properties["Policies"] as readonly Json[] | undefined) ?? [];

/** A queue policy names queues by their URL, which is what Ref gives. */
const refusesPlain = (document: unknown): boolean =>
  (document as { Statement: readonly Statement[] }).Statement.some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Deny" &&
      ['{"AWS":"*"}', '"*"'].includes(JSON.stringify(Principal)) &&
      JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  );

const allowedIn = (template: Template) =>
  documentsIn(template).flatMap(({ id, name, statements }) =>
    statements
      .filter(({ Effect }) => Effect === "Allow")
      .map((statement) => ({ id, name, ...statement })),
  );

/** Without this statement nobody could ever change the key again: AWS wants it. */
const isOwnersRight = ({ name, Principal }: { name: string; Principal?: unknown }) =>
  name === "KeyPolicy" && JSON.stringify(Principal).includes(":iam::111111111111:root");

describe.each([...templates])("the stack %s", (_name, template) => {
  it("holds only kinds of resources that are known here", () => {
    const kinds = new Set(resourcesIn(template).map(([, { Type }]) => Type));
    const strangers = [...kinds].filter((kind) => !(kind in NAMED) && !NAMELESS.has(kind));
    expect(strangers).toEqual([]);
  });

  it("names what is called by name, in plain text and as ours", () => {
    const names = Object.entries(NAMED).flatMap(([type, property]) =>
      ofType(template, type).map(([, { Properties }]) => [type, Properties[property]] as const),
    );
    expect(names.length).toBeGreaterThan(1);
    for (const [type, name] of names) {
      expect([type, name]).toEqual([type, expect.stringMatching(OURS)]);
    }
    expect(new Set(names.map((pair) => pair.join(" "))).size).toBe(names.length);
  });

  it("exports nothing, imports nothing and asks for nothing at deployment", () => {
    const { Outputs = {}, Parameters = {} } = template.toJSON() as Readonly<Record<string, Json>>;
    expect(Object.values(Outputs).filter((output) => "Export" in (output as Json))).toEqual([]);
    expect(Object.keys(Parameters)).toEqual(["BootstrapVersion"]);
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(
      /Fn::ImportValue|Fn::GetStackOutput|ssm:GetParameters|CrossRegionExport|resolve:ssm|"Export"/,
    );
  });

  it("keeps every log for a time that is said, one for each function", () => {
    const groups = ofType(template, "AWS::Logs::LogGroup");
    for (const [, { Properties }] of groups) expect(Properties["RetentionInDays"]).toBe(90);
    const names = groups.map(([, { Properties }]) => Properties["LogGroupName"]);
    for (const [, { Properties }] of ofType(template, "AWS::Lambda::Function")) {
      expect(names).toContain(`/aws/lambda/${Properties["FunctionName"]}`);
    }
  });

  it("encrypts what is kept and what is on its way", () => {
    for (const [, { Properties }] of ofType(template, "AWS::S3::Bucket")) {
      expect(Properties["BucketEncryption"]).toBeDefined();
    }
    for (const [, { Properties }] of ofType(template, "AWS::SNS::Topic")) {
      expect(Properties["KmsMasterKeyId"]).toEqual({
        "Fn::GetAtt": [expect.stringMatching(/^TopicKey/), "Arn"],
      });
    }
    for (const [, { Properties }] of ofType(template, "AWS::SQS::Queue")) {
      expect(Properties["SqsManagedSseEnabled"]).toBe(true);
    }
    for (const [, { Properties }] of ofType(template, "AWS::KMS::Key")) {
      expect(Properties["EnableKeyRotation"]).toBe(true);
    }
  });

  it.each(GUARDED)("refuses whoever comes to a %s without TLS", (type, policy, property) => {
    const guarded = ofType(template, policy)
      .filter(([, { Properties }]) => refusesPlain(Properties["PolicyDocument"]))
      .flatMap(([, { Properties }]) => [Properties[property]].flat())
      .map((target) => (target as { Ref: string }).Ref);
    expect(guarded.toSorted()).toEqual(
      ofType(template, type)
        .map(([id]) => id)
        .toSorted(),
    );
  });

  it("allows no action by a wildcard", () => {
    const wild = allowedIn(template).filter(
      (statement) => /\*/.test([statement.Action].flat().join()) && !isOwnersRight(statement),
    );
    expect(wild).toEqual([]);
  });

  it("allows nothing to everybody, and lets in services for this account and roles by name only", () => {
    for (const { id, name, Principal, Condition } of allowedIn(template)) {
      expect([id, JSON.stringify(Principal ?? "")]).not.toEqual([
        id,
        expect.stringMatching(/"\*"/),
      ]);
      if (name === "PolicyDocument" && Principal !== undefined) {
        expect([id, JSON.stringify(Condition)]).toEqual([
          id,
          expect.stringMatching(
            /"aws:SourceAccount":"(111111111111|222222222222)"|"AWS:SourceArn":.*":distribution\/",\{"Ref":"StatusSite|"aws:PrincipalArn":(\[?"arn:aws:iam::111111111111:role\/sla-(freeze|download|deliver|days|seals)-[a-z0-9-]+"[\],]*)+\}/,
          ),
        ]);
      }
    }
  });
});

describe("synthesis", () => {
  it("of the same fleet gives the same templates: a second deployment changes nothing", {
    timeout: 120_000,
  }, () => {
    const again = appOf(fleet).node.children.filter((child) => child instanceof Stack);
    const texts = again.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]);
    expect(texts).toEqual([...templates].map(([name, template]) => [name, template.toJSON()]));
  });
});
