import { expect, test } from "vitest";
import type { PolicyBook } from "../../../lib/local-cloud/iam/book.ts";
import { assembly, deploy, fn, role, world } from "./fixture.ts";

const ROLE = { Role: { "Fn::GetAtt": ["R", "Arn"] } };
const LAMBDA = "lambda.amazonaws.com";
const LOGS = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: { "Fn::GetAtt": ["Log", "Arn"] },
};
const Log = { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/aws/lambda/f" } };
const VPC = { VpcConfig: { SecurityGroupIds: ["sg-1"] } };
const ARN = "arn:aws:iam::111111111111:role/r";

const deploying = (Resources: object) => {
  const { services, lambda } = world();
  const done = deploy(assembly({ Log, ...Resources }), services);
  return { services, lambda, done };
};

test("a function takes on the role that its template gives it", async () => {
  const { lambda, services, done } = deploying({ Fn: fn(ROLE), R: role(LAMBDA, LOGS) });
  await done;
  expect(lambda.functions()).toMatchObject([{ name: "f", role: ARN }]);
  expect(services.policies.role(ARN)?.statements).toMatchObject([
    {
      actions: LOGS.Action,
      resources: ["arn:aws:logs:eu-central-1:111111111111:log-group:/aws/lambda/f:*"],
    },
  ]);
});

test.each<[string, object, string]>([
  [
    "that another service may take on",
    { Fn: fn(ROLE), R: role("ecs.amazonaws.com", LOGS) },
    `its role r cannot be assumed by ${LAMBDA}`,
  ],
  [
    "that writes no log",
    { Fn: fn(ROLE), R: role(LAMBDA) },
    "no identity-based policy allows the logs:CreateLogStream action",
  ],
  [
    "that reaches no network",
    { Fn: fn({ ...ROLE, ...VPC }), R: role(LAMBDA, LOGS) },
    "allows the ec2:CreateNetworkInterface action",
  ],
  ["that nobody has made", { Fn: fn({ Role: ARN }) }, `its role ${ARN} does not exist`],
  [
    "with a condition that nobody knows",
    { Fn: fn(ROLE), R: role(LAMBDA, { ...LOGS, Condition: { Bool: { "aws:Mfa": true } } }) },
    "role r, statement 0: the condition key aws:Mfa is not known here",
  ],
])("a function with a role %s is refused", async (_name, resources, message) => {
  await expect(deploying(resources).done).rejects.toThrow(message);
});

test("policies beside a role count for it, and those of what a stack says of a resource for that", async () => {
  const document = (more: object) => ({ Statement: [{ Effect: "Allow", ...more }] });
  const { services, done } = deploying({
    R: role(LAMBDA),
    P: {
      Type: "AWS::IAM::Policy",
      Properties: {
        PolicyName: "p",
        Roles: [{ Ref: "R" }],
        PolicyDocument: document({ Action: "s3:GetObject", Resource: "*" }),
      },
    },
    Fn: fn(),
    Leave: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        ...{ Action: "lambda:InvokeFunction", FunctionName: { "Fn::GetAtt": ["Fn", "Arn"] } },
        ...{ Principal: "apigateway.amazonaws.com", SourceArn: "arn:aws:execute-api:*" },
      },
    },
  });
  await done;
  expect(services.policies.role(ARN)?.statements).toMatchObject([{ actions: ["s3:GetObject"] }]);
  const fnArn = "arn:aws:lambda:eu-central-1:111111111111:function:f";
  expect((services.policies as PolicyBook).resource(fnArn)).toMatchObject([
    {
      principals: { Service: ["apigateway.amazonaws.com"] },
      conditions: [{ operator: "ArnLike", key: "aws:sourcearn" }],
    },
  ]);
});

test("managed policies of a template count for roles that take them and for roles that they name", async () => {
  const reading = (what: string, more: object = {}) => ({
    Type: "AWS::IAM::ManagedPolicy",
    Properties: {
      PolicyDocument: { Statement: [{ Effect: "Allow", Action: what, Resource: "*" }] },
      ...more,
    },
  });
  const { Type, Properties } = role(LAMBDA) as { Type: string; Properties: object };
  const { services, done } = deploying({
    R: { Type, Properties: { ...Properties, ManagedPolicyArns: [{ Ref: "Taken" }] } },
    Taken: reading("s3:GetObject"),
    Given: reading("s3:PutObject", { Roles: [{ Ref: "R" }] }),
  });
  await done;
  const statements = services.policies.role(ARN)?.statements ?? [];
  expect(statements.map(({ actions }) => actions)).toEqual([["s3:PutObject"], ["s3:GetObject"]]);
});

test("a managed policy that nobody has made is refused by its ARN", async () => {
  const { Type, Properties } = role(LAMBDA) as { Type: string; Properties: object };
  const ManagedPolicyArns = ["arn:aws:iam::111111111111:policy/gone"];
  const { services, done } = deploying({
    R: { Type, Properties: { ...Properties, ManagedPolicyArns } },
  });
  await done;
  expect(() => services.policies.role(ARN)).toThrow(
    "role r: the managed policy arn:aws:iam::111111111111:policy/gone is not known here",
  );
});
