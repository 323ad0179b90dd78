import * as cfn from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";
import { TYPES } from "../../../../lib/local-cloud/cloudformation/kinds/all.ts";
import { removerOf } from "../../../../lib/local-cloud/cloudformation/stacks/removers.ts";
import { bucket, office, parameter } from "./office.ts";

const OWNER = { account: "111111111111", region: "eu-central-2" };

test("a stack goes, what it has to retain stays, and its id still tells how it went", async () => {
  const { create, remove, events, client, ssm, s3 } = await office();
  const { StackId = "" } = await create("S", {
    Resources: {
      Ledger: bucket("ledger", { DeletionPolicy: "Retain" }),
      P: parameter("/p", { Ref: "Ledger" }),
    },
  });
  const protect = (EnableTerminationProtection: boolean) =>
    client.send(
      new cfn.UpdateTerminationProtectionCommand({ StackName: "S", EnableTerminationProtection }),
    );
  await protect(true);
  await expect(remove("S")).rejects.toThrow(
    "Stack [S] cannot be deleted while TerminationProtection is enabled",
  );
  await protect(false);
  expect(await remove(StackId)).toMatchObject({ StackStatus: "DELETE_COMPLETE" });
  expect((await events(StackId)).slice(-4)).toEqual([
    "P DELETE_IN_PROGRESS",
    "P DELETE_COMPLETE",
    "Ledger DELETE_SKIPPED",
    "S DELETE_COMPLETE",
  ]);
  expect(ssm.parameters.get(OWNER, "/p")).toBeUndefined();
  expect(s3.keys("ledger")).toEqual([]);
  await expect(
    client.send(new cfn.DescribeStacksCommand({ StackName: "S" })),
  ).rejects.toMatchObject({
    name: "ValidationError",
    message: "Stack with id S does not exist",
  });
});

test("a bucket that holds something stays, and so does its stack", async () => {
  const { create, remove, s3, events } = await office();
  await create("S", { Resources: { B: bucket("full") } });
  s3.putObject("full", "a", Buffer.from("a"));
  expect(await remove("S")).toMatchObject({ StackStatus: "DELETE_FAILED" });
  expect(await events("S")).toContain("B DELETE_FAILED The bucket 'full' is not empty");
});

test("what somebody has deleted meanwhile is no failure", async () => {
  const { create, remove, ssm, client } = await office();
  const { StackId = "" } = await create("S", { Resources: { P: parameter("/p", "1") } });
  ssm.parameters.remove(OWNER, "/p");
  await remove(StackId);
  const { StackSummaries } = await client.send(new cfn.ListStacksCommand({}));
  expect(StackSummaries).toMatchObject([{ StackName: "S", StackStatus: "DELETE_COMPLETE" }]);
});

/** Types that leave nothing behind: taken note of only, or gone with what they belong to. */
const WITHOUT_EFFECT = [
  ...["AWS::Logs::LogGroup", "AWS::Scheduler::ScheduleGroup", "AWS::KMS::Alias"],
  ...["AWS::SQS::Queue", "AWS::SQS::QueuePolicy"],
  ...["AWS::EC2::SecurityGroupEgress", "AWS::EC2::VPCEndpoint"],
  ...["AWS::ECR::PullThroughCacheRule", "AWS::ECR::Repository", "AWS::CDK::Metadata"],
  ...["AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration"],
  ...["AWS::ApiGatewayV2::Stage", "AWS::CloudFront::OriginAccessControl"],
  ...["AWS::CloudFront::ResponseHeadersPolicy", "AWS::ECS::TaskDefinition"],
];

test("every type that has an effect is removed as well", () => {
  const unremoved = TYPES.filter((type) => !removerOf(type));
  expect(unremoved.toSorted()).toEqual(WITHOUT_EFFECT.toSorted());
});
