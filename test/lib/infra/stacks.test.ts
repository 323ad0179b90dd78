import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENTRIES } from "../../../lib/infra/functions.ts";
import { resourcesOf, templateOf, templates } from "./templates.ts";

const sites = [...templates].filter(([name]) => name.startsWith("Sla-"));
const site = templateOf("Sla-eu-central-1");
const namesOf = (stack: string) =>
  resourcesOf(templateOf(stack), "AWS::Lambda::Function").map(
    ({ Properties }) => Properties["FunctionName"],
  );

describe("stacks", () => {
  it("are one per site, and one that only looks per other vantage", () => {
    expect([...templates.keys()].toSorted()).toEqual([
      "Sla-eu-central-1",
      "Sla-eu-central-2",
      "Sla-eu-west-1",
      "SlaVantage-eu-north-1",
      "SlaVantage-eu-south-1",
    ]);
  });

  it.each(sites)("%s has every function under the name of its contract", (name) => {
    expect(namesOf(name).toSorted()).toEqual(Object.keys(ENTRIES).toSorted());
  });

  it("a vantage has the probe and nothing else that runs", () => {
    expect(namesOf("SlaVantage-eu-north-1")).toEqual(["sla-probe"]);
  });

  it.each([...templates])("%s takes no value from another stack", (_name, template) => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
  });
});

describe("functions", () => {
  it.each(resourcesOf(site, "AWS::Lambda::Function").map((each) => [each.Properties]))(
    "run on Node 24, ARM, within a time-out and their own log: $FunctionName",
    (properties) => {
      expect(properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
      expect(properties["Timeout"]).toBeLessThanOrEqual(300);
      expect(properties["LoggingConfig"]).toHaveProperty("LogGroup");
    },
  );

  it("keep their logs for a time that is said", () => {
    for (const { Properties } of resourcesOf(site, "AWS::Logs::LogGroup")) {
      expect(Properties["RetentionInDays"]).toBe(90);
    }
  });

  it("are not repeated by Lambda, except the one that mails", () => {
    const configured = resourcesOf(site, "AWS::Lambda::EventInvokeConfig");
    expect(configured).toHaveLength(Object.keys(ENTRIES).length);
    const retries = configured.map(({ Properties }) => Properties["MaximumRetryAttempts"]);
    expect(retries.toSorted()).toEqual([...Array(Object.keys(ENTRIES).length - 1).fill(0), 2]);
  });

  it("that speak SQL are the only ones in the VPC and trust the authorities of RDS", () => {
    const inside = resourcesOf(site, "AWS::Lambda::Function").filter(
      ({ Properties }) => Properties["VpcConfig"],
    );
    expect(inside.map(({ Properties }) => Properties["FunctionName"])).toEqual(["sla-sql"]);
    expect(inside[0]?.Properties["Environment"]).toEqual({
      Variables: { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" },
    });
  });
});

describe("schedules", () => {
  const schedules = resourcesOf(site, "AWS::Scheduler::Schedule");
  const looking = schedules.filter(({ Properties }) => Properties["Name"] !== "sla-debts");

  it("are two for each shard, and one that pays debts", () => {
    expect(schedules.map(({ Properties }) => Properties["Name"]).toSorted()).toEqual([
      "sla-beat-s00",
      "sla-debts",
      "sla-watch-s00",
    ]);
  });

  it.each(schedules.map(({ Properties }) => [Properties]))(
    "$Name fires each minute, never late, never again",
    (properties) => {
      expect(properties).toMatchObject({
        ScheduleExpression: "rate(1 minute)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } },
      });
    },
  );

  it.each(looking.map(({ Properties }) => [Properties]))(
    "$Name says for when it fires",
    (properties) => {
      const { Input } = properties["Target"] as { Input: string };
      expect(JSON.parse(Input)).toEqual({
        scheduledTime: "<aws.scheduler.scheduled-time>",
        shard: "s00",
      });
    },
  );
});

describe("ledger", () => {
  it.each(sites)(
    "of %s is versioned, encrypted, private and outlives the stack",
    (_name, template) => {
      const buckets = resourcesOf(template, "AWS::S3::Bucket");
      expect(buckets).toHaveLength(1);
      for (const { Properties, DeletionPolicy } of buckets) {
        expect(DeletionPolicy).toBe("Retain");
        expect(Properties).toMatchObject({
          VersioningConfiguration: { Status: "Enabled" },
          BucketEncryption: { ServerSideEncryptionConfiguration: [{}] },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        });
      }
    },
  );

  it("refuses what does not come by TLS", () => {
    const [policy] = resourcesOf(site, "AWS::S3::BucketPolicy");
    expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });

  it("is given the fleet by a custom resource", () => {
    const [published] = resourcesOf(site, "Custom::SlaFleet");
    expect(published?.Properties).toMatchObject({ fleetKey: "fleet/abc.json" });
    expect(Object.keys(published?.Properties ?? {}).toSorted()).toEqual([
      "ServiceToken",
      "assetBucket",
      "assetKey",
      "fleetKey",
    ]);
  });
});

describe("mails", () => {
  it.each([
    ["Sla-eu-central-1", ["it@acme.example.ch", "it@birch.example.ch", "ops@provider.example"]],
    [
      "Sla-eu-west-1",
      ["it@acme.example.ch", "it@birch.example.ch", "it@cedar.example.ch", "ops@provider.example"],
    ],
  ])("%s has one filtered subscription for each who may hear from it", (name, expected) => {
    const subscriptions = resourcesOf(templateOf(name), "AWS::SNS::Subscription").filter(
      ({ Properties }) => Properties["FilterPolicy"],
    );
    const pairs = subscriptions.map(({ Properties }) => [
      Properties["Endpoint"],
      Properties["FilterPolicy"],
    ]);
    expect(pairs.toSorted()).toEqual(expected.map((each) => [each, { recipient: [each] }]));
  });
});

describe("network", () => {
  it("opens databases in service and in quarantine to the sql functions alone", () => {
    const into = resourcesOf(site, "AWS::EC2::SecurityGroupIngress").map(({ Properties }) => [
      Properties["GroupId"],
      Properties["FromPort"],
    ]);
    expect(into).toEqual(
      expect.arrayContaining([
        ["sg-1", 5432],
        ["sg-1q", 5432],
      ]),
    );
    expect(resourcesOf(site, "AWS::EC2::SecurityGroupEgress")).toHaveLength(3);
  });
});

describe("alarms", () => {
  const runbook = readFileSync("docs/runbook.md", "utf8");

  it.each(resourcesOf(site, "AWS::CloudWatch::Alarm").map(({ Properties }) => [Properties]))(
    "$AlarmName names a section of the runbook that is there, and tells somebody",
    (properties) => {
      const anchor = /docs\/runbook\.md#([a-z-]+)$/.exec(
        String(properties["AlarmDescription"]),
      )?.[1];
      expect(runbook).toContain(`\n## ${anchor}\n`);
      expect(properties["AlarmActions"]).toHaveLength(1);
    },
  );
});
