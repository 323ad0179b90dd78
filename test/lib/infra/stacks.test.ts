import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { APPROVE_FUNCTION } from "../../../functions/approval/contract.ts";
import { DELIVER_FUNCTION } from "../../../functions/deliver/contract.ts";
import { CUSTOMERS_FUNCTION, DOWNLOAD_FUNCTION } from "../../../functions/download/contract.ts";
import { FAILOVER_FUNCTIONS } from "../../../functions/failover/contract.ts";
import { FILES_FUNCTION } from "../../../functions/files/contract.ts";
import { FLAG_FUNCTION } from "../../../functions/flag/contract.ts";
import { FREEZE_FUNCTION } from "../../../functions/freeze/contract.ts";
import { PUBLISH_FUNCTION } from "../../../functions/ledger/contract.ts";
import { LIVE_FUNCTION } from "../../../functions/live/contract.ts";
import { NOTIFY_FUNCTION } from "../../../functions/notify/contract.ts";
import { PREPARED_FUNCTION } from "../../../functions/prepared/contract.ts";
import { DAYS_FUNCTION, REPORT_FUNCTION } from "../../../functions/report/contract.ts";
import { BOOT_FUNCTION, TERMINATE_FUNCTION } from "../../../functions/restore/image-contract.ts";
import { IMAGE_FUNCTIONS, ROTATE_FUNCTION } from "../../../functions/snapshot/contract.ts";
import { STATUS_FUNCTION } from "../../../functions/status/contract.ts";
import { HELPDESK_FUNCTION, TICKETS_FUNCTION } from "../../../functions/support/contract.ts";
import { ENTRIES } from "../../../lib/infra/functions.ts";
import { reservedPerSite } from "../../../lib/sla/quotas.ts";
import { FAILOVERS_AT_ONCE } from "../../../lib/sla/region-incident.ts";
import { type Resource, referredTo, resourcesOf, templateOf, templates } from "./templates.ts";

/** What customers and the world are shown. */
const shown = [...templates].filter(([name]) => name.startsWith("SlaPages-"));
const sites = [...templates].filter(([name]) => name.startsWith("Sla-"));
const alarmed = [...templates.keys()].filter((name) => !/^Sla(Frozen|Pages)-/.test(name));
const site = templateOf("Sla-eu-central-1");
const namesOf = (stack: string) =>
  resourcesOf(templateOf(stack), "AWS::Lambda::Function").map(
    ({ Properties }) => Properties["FunctionName"],
  );

/** Of control, where here frozen copies are made as well. */
const THERE_ALONE = [
  FREEZE_FUNCTION,
  DOWNLOAD_FUNCTION,
  CUSTOMERS_FUNCTION,
  DELIVER_FUNCTION,
  STATUS_FUNCTION,
  REPORT_FUNCTION,
  LIVE_FUNCTION,
];

const sourcesOf = (...rooms: readonly string[]) =>
  rooms.flatMap((room) => globSync(`${room}/**/*.ts`)).map((path) => readFileSync(path, "utf8"));

describe("stacks", () => {
  it("are one per site, one where others are answered from, one that only looks per other vantage, and one in the frozen account", () => {
    expect([...templates.keys()].toSorted()).toEqual([
      "Sla-eu-central-1",
      "Sla-eu-central-2",
      "Sla-eu-west-1",
      "SlaFrozen-eu-west-1",
      "SlaPages-eu-west-1",
      "SlaVantage-eu-north-1",
      "SlaVantage-eu-south-1",
    ]);
  });

  it.each(sites)(
    "%s and what stands beside it have every function under the name of its contract",
    (name) => {
      // Lambda serves no URLs in Zurich: no flag can be watched there, and no page answered.
      const missing: string[] =
        name === "Sla-eu-central-2" ? [FLAG_FUNCTION, APPROVE_FUNCTION] : [];
      // Frozen copies are made in one place, led to from there and sent from there; pages are written in one.
      if (name !== "Sla-eu-west-1") missing.push(...THERE_ALONE);
      // Nobody was sold a reply in time, and there is no helpdesk.
      missing.push(TICKETS_FUNCTION, HELPDESK_FUNCTION);
      // Nor images of machines, nor tests of them.
      missing.push(...Object.values(IMAGE_FUNCTIONS), BOOT_FUNCTION, TERMINATE_FUNCTION);
      const there = [name, name.replace("Sla-", "SlaPages-")].filter((each) => templates.has(each));
      expect([...there.flatMap(namesOf), ...missing].toSorted()).toEqual(
        Object.keys(ENTRIES).toSorted(),
      );
    },
  );

  it("a vantage has the probe and nothing else that runs", () => {
    expect(namesOf("SlaVantage-eu-north-1")).toEqual(["sla-probe"]);
  });
});

describe("functions", () => {
  it.each(resourcesOf(site, "AWS::Lambda::Function").map((each) => [each.Properties]))(
    "run on Node 24, ARM, within a time-out and their own log: $FunctionName",
    (properties) => {
      expect(properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
      // What reads whole databases, who waits for that, what copies files, and what reads all of a day.
      const isPatient = ["sla-content", "sla-restore", FILES_FUNCTION, DAYS_FUNCTION].includes(
        String(properties["FunctionName"]),
      );
      expect(properties["Timeout"]).toBeLessThanOrEqual(isPatient ? 900 : 300);
      expect(properties["LoggingConfig"]).toHaveProperty("LogGroup");
    },
  );

  it.each([...sites, ...shown])(
    "that %s hands events to are not repeated by Lambda, but for those that must not be lost",
    (name) => {
      const template = templateOf(name);
      const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
      const called = (ref: unknown) =>
        String(Resources[referredTo(ref) ?? ""]?.Properties["FunctionName"]);
      const woken = resourcesOf(template, "AWS::Scheduler::Schedule").map(({ Properties }) =>
        called((Properties["Target"] as { Arn: unknown }).Arn),
      );
      const retries = new Map(
        resourcesOf(template, "AWS::Lambda::EventInvokeConfig").map(({ Properties }) => [
          called(Properties["FunctionName"]),
          Properties["MaximumRetryAttempts"],
        ]),
      );
      // Besides those that schedules wake: our own functions, and CloudFormation.
      const isSite = name.startsWith("Sla-");
      const handed = isSite ? [NOTIFY_FUNCTION, FILES_FUNCTION, PUBLISH_FUNCTION] : [];
      expect([...retries.keys()].toSorted()).toEqual(
        [...new Set([...woken, ...handed])].toSorted(),
      );
      const repeated = [...retries].filter(([, times]) => times !== 0);
      const told = [
        [NOTIFY_FUNCTION, 2],
        [PREPARED_FUNCTION, 2],
      ];
      // A delivery goes on where it was broken off.
      expect(repeated.toSorted()).toEqual(
        isSite
          ? told
          : [
              [DELIVER_FUNCTION, 1],
              [LIVE_FUNCTION, 2],
            ],
      );
    },
  );

  it("that are handed events are all that our own code hands events to", () => {
    const handing = sourcesOf("functions", "lib/operator").flatMap((text) =>
      [...text.matchAll(/\b(?:hand|wake|lambdaEvents\([^)]*\))\(\s*([A-Z_]+_FUNCTION)/g)].map(
        ([, name]) => name,
      ),
    );
    expect([...new Set(handing)].toSorted()).toEqual([
      "DELIVER_FUNCTION",
      "FILES_FUNCTION",
      "NOTIFY_FUNCTION",
      "WEBHOOK_FUNCTION",
    ]);
  });

  it("that a recovery needs have concurrency of their own, and leave the account its hundred", () => {
    const reserved = new Map(
      resourcesOf(site, "AWS::Lambda::Function").flatMap(({ Properties }) => {
        const own = Properties["ReservedConcurrentExecutions"];
        return own === undefined ? [] : [[String(Properties["FunctionName"]), Number(own)]];
      }),
    );
    expect([...reserved.keys()].toSorted()).toEqual(
      [
        ...Object.values(FAILOVER_FUNCTIONS),
        ...[FLAG_FUNCTION, APPROVE_FUNCTION, ROTATE_FUNCTION],
      ].toSorted(),
    );
    const all = [...reserved.values()].reduce((sum, each) => sum + each, 0);
    expect(all).toBe(reservedPerSite());
    for (const name of Object.values(FAILOVER_FUNCTIONS)) {
      expect(reserved.get(name)).toBe(FAILOVERS_AT_ONCE);
    }
  });

  it("that speak SQL are the only ones in the VPC and trust the authorities of RDS", () => {
    const inside = resourcesOf(site, "AWS::Lambda::Function").filter(
      ({ Properties }) => Properties["VpcConfig"],
    );
    expect(inside.map(({ Properties }) => Properties["FunctionName"])).toEqual([
      "sla-sql",
      "sla-content",
      "sla-adopt",
    ]);
    expect(inside[0]?.Properties["Environment"]).toEqual({
      Variables: { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" },
    });
  });
});

const SELDOM: Readonly<Record<string, string>> = {
  "sla-backups": "rate(15 minutes)",
  "sla-days": "cron(16 0/6 * * ? *)",
  "sla-prepared": "rate(12 hours)",
  "sla-restore-discard": "rate(2 hours)",
  "sla-subscriptions": "rate(12 hours)",
};

describe("schedules", () => {
  const schedules = resourcesOf(site, "AWS::Scheduler::Schedule");
  const payers = ["sla-debts", "sla-records", "sla-oncall", "sla-webhook"];
  const looking = schedules.filter(
    ({ Properties }) => ![...payers, ...Object.keys(SELDOM)].includes(String(Properties["Name"])),
  );

  it("are two for each shard, two that pay debts, one that calls, one for webhooks, one for backups, one for leftovers, one for what is prepared, one that seals, one for subscriptions", () => {
    expect(schedules.map(({ Properties }) => Properties["Name"]).toSorted()).toEqual([
      "sla-backups",
      "sla-beat-s00",
      "sla-days",
      "sla-debts",
      "sla-oncall",
      "sla-prepared",
      "sla-records",
      "sla-restore-discard",
      "sla-subscriptions",
      "sla-watch-s00",
      "sla-webhook",
    ]);
  });

  // Whatever is seen minutes later is as good, and the next look is far away.
  const patient = ["sla-prepared", "sla-days", "sla-subscriptions"];
  const NEVER_LATE = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 };
  const LATER = { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 3 };

  it.each(schedules.map(({ Properties }) => [Properties]))(
    "$Name fires in time, never late, never again, unless it is patient",
    (properties) => {
      const isPatient = patient.includes(String(properties["Name"]));
      const every = SELDOM[String(properties["Name"])] ?? "rate(1 minute)";
      expect(properties).toMatchObject({
        ScheduleExpression: every,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { RetryPolicy: isPatient ? LATER : NEVER_LATE },
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
    "of %s keeps its versions and says in a bucket of its own who came; both are private and outlive the stack",
    (_name, template) => {
      const buckets = resourcesOf(template, "AWS::S3::Bucket").filter(
        ({ Properties }) => !/^sla-(files|status)-/.test(String(Properties["BucketName"])),
      );
      const names = buckets.map(({ Properties }) => Properties["BucketName"]);
      expect(names).toEqual([expect.stringMatching(/^sla-ledger-/), `${names[0]}-accesses`]);
      expect(buckets[0]?.Properties).toMatchObject({
        VersioningConfiguration: { Status: "Enabled" },
        LoggingConfiguration: { DestinationBucketName: expect.anything() },
      });
      for (const { Properties, DeletionPolicy } of buckets) {
        expect(DeletionPolicy).toBe("RetainExceptOnCreate");
        expect(Properties).toMatchObject({
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

  it("is given the fleet by a custom resource", () => {
    const [published] = resourcesOf(site, "Custom::SlaFleet");
    expect(published?.Properties).toMatchObject({
      ...{ fleetKey: "fleet/abc.json", permissions: "names" },
    });
    expect(Object.keys(published?.Properties ?? {}).toSorted()).toEqual([
      "ServiceToken",
      "assetBucket",
      "assetKey",
      "fleetKey",
      "permissions",
    ]);
  });
});

describe("mails", () => {
  it.each(sites)("%s enlists who may hear from it once topic and fleet are there", (name) => {
    const template = templateOf(name);
    const [[, enlisted] = []] = Object.entries(template.findResources("Custom::SlaRecipients"));
    expect(enlisted?.["Properties"]).toMatchObject({ fleetKey: "fleet/abc.json" });
    const before = new Set(enlisted?.["DependsOn"] as readonly string[]);
    for (const type of ["AWS::SNS::Topic", "Custom::SlaFleet"]) {
      const ids = Object.keys(template.findResources(type));
      expect(ids.some((id) => before.has(id))).toBe(true);
    }
    const all = resourcesOf(template, "AWS::SNS::Subscription");
    expect(all.map(({ Properties }) => Properties["Endpoint"])).toEqual(["ops@provider.example"]);
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
  const named = (stack: string) =>
    new Map(
      resourcesOf(templateOf(stack), "AWS::CloudWatch::Alarm").map(({ Properties }) => [
        String(Properties["AlarmName"]).replace("sla-", ""),
        Properties,
      ]),
    );

  it("of a site that is a vantage are these", () => {
    expect([...named("Sla-eu-west-1").keys()].toSorted()).toEqual([
      "backups-failing",
      "backups-silent",
      "days-failing",
      "days-silent",
      "failover-halted",
      "failover-timed-out",
      "fence-debts",
      "files-failing",
      "heartbeats-failing",
      "heartbeats-silent",
      "mail-failing",
      "mails-lost",
      "on-call-failing",
      "on-call-silent",
      "prepared-failing",
      "prepared-silent",
      "probe-failing",
      "probe-silent",
      "records-debts",
      "recovery-halted",
      "recovery-timed-out",
      "reprotect-failed",
      "reprotect-timed-out",
      "restore-leftovers",
      "restore-tests-failing",
      "restore-tests-timed-out",
      "sql-failing",
      "subscriptions-unconfirmed",
      "ticks-lost",
      "watch-failing",
      "watch-silent",
      "webhooks-silent",
      "webhooks-stuck",
    ]);
  });

  it("of what customers and the world are shown are these", () => {
    expect([...named("SlaPages-eu-west-1").keys()].toSorted()).toEqual([
      "customers-failing",
      "deliveries-failing",
      "deliveries-silent",
      "downloads-failing",
      "live-failing",
      "live-silent",
      "reports-failing",
      "reports-silent",
      "status-failing",
      "status-silent",
    ]);
  });

  it("of a vantage that is no site are those of its probe", () => {
    const names = [...named("SlaVantage-eu-north-1").keys()].toSorted();
    expect(names).toEqual(["probe-failing", "probe-silent"]);
  });

  it("miss no probes where no watch asks for any", () => {
    expect([...named("Sla-eu-central-1").keys()]).not.toContain("probe-silent");
  });

  it.each(["watch-silent", "heartbeats-silent", "probe-silent"])(
    "%s fires when there is nothing to count",
    (name) => {
      expect(named("Sla-eu-west-1").get(name)).toMatchObject({
        MetricName: "Invocations",
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        EvaluationPeriods: 3,
        Period: 60,
        TreatMissingData: "breaching",
      });
    },
  );

  it("of leftovers look at as much time as lies between two looks for them", () => {
    const [hours] = /\d+/.exec(SELDOM["sla-restore-discard"] ?? "") ?? [];
    expect(named("Sla-eu-west-1").get("restore-leftovers")).toMatchObject({
      MetricName: "Errors",
      Period: Number(hours) * 3600,
      EvaluationPeriods: 2,
    });
  });

  it("of what is shown tell whoever the site's own alarms tell", () => {
    const topic = "arn:aws:sns:eu-west-1:111111111111:sla-operators";
    for (const properties of named("SlaPages-eu-west-1").values()) {
      expect(properties["AlarmActions"]).toEqual([topic]);
    }
    const topics = resourcesOf(templateOf("Sla-eu-west-1"), "AWS::SNS::Topic");
    expect(topics.map(({ Properties }) => Properties["TopicName"])).toContain("sla-operators");
  });

  it.each(alarmed)("of %s all tell somebody", (name) => {
    for (const properties of named(name).values()) {
      expect(properties["AlarmActions"]).toHaveLength(1);
    }
    const [mail] = resourcesOf(templateOf(name), "AWS::SNS::Subscription").filter(
      ({ Properties }) => !Properties["FilterPolicy"],
    );
    expect(mail?.Properties).toMatchObject({ Protocol: "email", Endpoint: "ops@provider.example" });
  });
});

describe("dead letters", () => {
  const arnOf = (name: string) => {
    const queues = Object.entries(site.findResources("AWS::SQS::Queue"));
    const [id] = queues.find(([, { Properties }]) => Properties.QueueName === name) ?? [];
    return { "Fn::GetAtt": [id, "Arn"] };
  };

  it("take what notify gave up and what schedules could not hand over", () => {
    const failed = resourcesOf(site, "AWS::Lambda::EventInvokeConfig").flatMap(
      ({ Properties }) => Properties["DestinationConfig"] ?? [],
    );
    expect(failed).toEqual([{ OnFailure: { Destination: arnOf("sla-mails-lost") } }]);
    for (const { Properties } of resourcesOf(site, "AWS::Scheduler::Schedule")) {
      const target = Properties["Target"];
      expect(target).toMatchObject({ DeadLetterConfig: { Arn: arnOf("sla-ticks-lost") } });
    }
  });
});
