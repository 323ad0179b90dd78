import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { ofSize } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf, templateOf } from "./templates.ts";

const control = templateOf("SlaPages-eu-west-1");
const may = (grantsByHolder(control).get("sla-live") ?? []).filter(
  ({ action }) => !action.startsWith("logs:"),
);
const SITES = ["eu-central-2", "eu-central-1", "eu-west-1"];
const resourcesFor = (wanted: string) =>
  may.filter(({ action }) => action === wanted).flatMap(({ resources }) => resources);

it("the account is looked at in control alone, twice a day in case once comes to nothing", () => {
  const schedules = resourcesOf(control, "AWS::Scheduler::Schedule");
  const own = schedules.filter(({ Properties }) => Properties["Name"] === "sla-live");
  expect(own.map(({ Properties }) => Properties["ScheduleExpression"])).toEqual([
    "cron(25 4/12 * * ? *)",
  ]);
  for (const site of SITES) {
    expect(grantsByHolder(templateOf(`Sla-${site}`)).has("sla-live")).toBe(false);
  }
});

it("whoever looks may do exactly this, and changes nothing but its own record", () => {
  expect([...new Set(may.map(({ action }) => action))].toSorted()).toEqual([
    "ec2:DescribeRegions",
    "lambda:GetAccountSettings",
    "lambda:InvokeFunction",
    "rds:DescribeAccountAttributes",
    "rds:DescribeDBInstances",
    "route53:GetAccountLimit",
    "route53:ListHealthChecks",
    "route53:ListResourceRecordSets",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
    "secretsmanager:DescribeSecret",
    "sns:ListSubscriptionsByTopic",
    "ssm:GetParameter",
  ]);
  expect(resourcesFor("s3:PutObject")).toEqual([
    "arn:aws:s3:::sla-ledger-111111111111-eu-west-1/live/eu-west-1.json",
  ]);
  expect(resourcesFor("lambda:InvokeFunction")).toEqual([
    "arn:aws:lambda:eu-west-1:111111111111:function:sla-notify",
  ]);
});

it("it reads roles, locks and what watches saw of every site, and nothing that is sealed for others", () => {
  const read = resourcesFor("s3:GetObject");
  expect(read).toHaveLength(2 + 3 * SITES.length);
  for (const site of SITES) {
    for (const folder of ["roles", "locks", "shards"]) {
      expect(read).toContain(`arn:aws:s3:::sla-ledger-111111111111-${site}/${folder}/*`);
    }
  }
  expect(read.filter((each) => /sealed|\/\*\/|-\d+-[a-z0-9-]+\/\*$/.test(each))).toEqual([]);
});

it("of regions that only look it reads the bootstrap alone", () => {
  const beyond = may.filter(({ resources }) =>
    resources.some((each) => /:eu-(north|south)-1:/.test(each)),
  );
  expect([...new Set(beyond.map(({ action }) => action))]).toEqual(["ssm:GetParameter"]);
});

it("its role has room for a fleet of a thousand customers with secrets and zones of their own", () => {
  const stack = appOf(ofSize(1000)).node.findChild("SlaPages-eu-west-1") as Stack;
  const its = grantsByHolder(Template.fromStack(stack)).get("sla-live") ?? [];
  expect(JSON.stringify(its).length).toBeLessThan(10_240);
  const described = its.filter(({ action }) => action === "secretsmanager:DescribeSecret");
  expect(described.flatMap(({ resources }) => resources)).toHaveLength(2 * SITES.length);
}, 120_000);
