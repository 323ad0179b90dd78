import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { lambdaMessenger } from "../../../functions/aws/lambda-messenger.ts";
import { lambdaPulse } from "../../../functions/aws/lambda-pulse.ts";
import { lambdaVantages } from "../../../functions/aws/lambda-vantages.ts";
import { rdsInventory } from "../../../functions/aws/rds-inventory.ts";
import { sfnStarter } from "../../../functions/aws/sfn-starter.ts";
import { snsAlerts } from "../../../functions/aws/sns-alerts.ts";
import { snsEnlisting } from "../../../functions/aws/sns-enlisting.ts";
import { snsSubscriptions } from "../../../functions/aws/sns-subscriptions.ts";
import type { FailoverRequest } from "../../../functions/failover/contract.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

interface Call {
  readonly operation: string;
  readonly region: string;
  readonly input: Record<string, unknown>;
}

const calls: Call[] = [];
const answers = new Map<string, () => unknown>();
const service = (name: string, client: object, ...operations: readonly string[]) => ({
  name,
  client,
  operations: Object.fromEntries(
    operations.map((operation) => [
      operation,
      async (input: Record<string, unknown>, { region }: { region: string }) => {
        calls.push({ operation, region, input });
        return answers.get(operation)?.() ?? {};
      },
    ]),
  ),
});

const cloud = await running(
  [
    service("lambda", lambda, "Invoke"),
    service("rds", rds, "DescribeDBInstances"),
    { ...service("states", sfn, "StartExecution"), signingNames: ["states"] },
    service("sns", sns, "Publish", "ListSubscriptionsByTopic", "Subscribe"),
  ],
  { isCutOff: (region) => region === "eu-lost-1" },
);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", "eu-west-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
const clock = clockFrom({ SLA_PACE: "60" });

beforeEach(() => {
  calls.length = 0;
  answers.clear();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const payload = (call: Call | undefined) =>
  JSON.parse(new TextDecoder().decode(call?.input["Payload"] as Uint8Array));

describe("calls to functions", () => {
  const request = { targets: [], controls: [], connectSeconds: 3, answerSeconds: 5 };

  it("carry the request to the vantage's region and its answer back", async () => {
    const answer = { vantage: "eu-north-1", blind: false, results: [] };
    answers.set("Invoke", () => ({ StatusCode: 200, Payload: json(answer) }));
    expect(await lambdaVantages(clock).probe("eu-north-1", request)).toEqual(answer);
    expect(calls).toMatchObject([{ region: "eu-north-1", input: { FunctionName: "sla-probe" } }]);
    expect(payload(calls[0])).toEqual(request);
  });

  it("give a failed function's own words", async () => {
    const said = { errorType: "BadConfig", errorMessage: "cannot start" };
    answers.set("Invoke", () => ({
      StatusCode: 200,
      FunctionError: "Unhandled",
      Payload: json(said),
    }));
    await expect(lambdaVantages(clock).probe("eu-north-1", request)).rejects.toThrow(
      /sla-probe in eu-north-1: Unhandled: .*cannot start/,
    );
  });

  it("give up on a region that does not answer", async () => {
    await expect(lambdaVantages(clock).probe("eu-lost-1", request)).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });

  it("ask the sql function of the databases' region", async () => {
    const results = [{ instance: "acme", ok: true, value: { at: "x", sequence: 1 } }];
    answers.set("Invoke", () => ({ StatusCode: 200, Payload: json({ results }) }));
    expect(await lambdaPulse(clock).beat("eu-central-2", [])).toEqual(results);
    expect(payload(calls[0])).toEqual({ operation: "beat", targets: [] });
  });

  it("hand notices over without waiting for them to be sent", async () => {
    answers.set("Invoke", () => ({ StatusCode: 202 }));
    await lambdaMessenger(clock).notify({ notices: [] });
    expect(calls).toMatchObject([
      { region: "eu-west-1", input: { FunctionName: "sla-notify", InvocationType: "Event" } },
    ]);
  });
});

describe("the inventory", () => {
  it("reads all pages and leaves out databases that have no endpoint yet", async () => {
    const pages = [
      {
        DBInstances: [
          {
            DBInstanceIdentifier: "one",
            Endpoint: { Address: "one.rds", Port: 5432 },
            AllocatedStorage: 20,
            StatusInfos: [{ StatusType: "read replication", Status: "error", Normal: false }],
          },
        ],
        Marker: "more",
      },
      { DBInstances: [{ DBInstanceIdentifier: "creating" }] },
    ];
    answers.set("DescribeDBInstances", () => pages.shift());
    expect([...(await rdsInventory(clock).describe("eu-central-2"))]).toEqual([
      [
        "one",
        {
          ...{ host: "one.rds", port: 5432 },
          ...{ allocatedBytes: 20 * 2 ** 30, replication: ["error"] },
        },
      ],
    ]);
    expect(calls.map(({ input }) => input["Marker"])).toEqual([undefined, "more"]);
  });

  it("tells a throttled region from one that is gone", async () => {
    answers.set("DescribeDBInstances", () => {
      throw new AwsError("Throttling", "Rate exceeded", 400);
    });
    const inventory = rdsInventory(clock);
    await expect(inventory.describe("eu-central-2")).rejects.toMatchObject({
      code: "CloudThrottled",
    });
    await expect(inventory.describe("eu-lost-1")).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
  });
});

describe("starting a failover", () => {
  const request: FailoverRequest = {
    instance: "acme",
    incident: "20260302100115000",
    epoch: 1,
    trigger: "watch",
    reason: "refused",
    firstBadAt: "2026-03-02T10:01:15.000Z",
  };
  const starter = sfnStarter({ account: "111111111111", region: "eu-west-1", clock });

  it("names the execution after the failure, in the machine of this site", async () => {
    answers.set("StartExecution", () => ({ executionArn: "arn", startDate: new Date(0) }));
    await starter.start(request);
    expect(calls[0]?.input).toMatchObject({
      stateMachineArn: "arn:aws:states:eu-west-1:111111111111:stateMachine:sla-failover",
      name: "fo-acme-e1-20260302100115000",
      input: JSON.stringify(request),
    });
  });

  it("takes one that has been started for started", async () => {
    answers.set("StartExecution", () => {
      throw new AwsError("ExecutionAlreadyExists", "exists", 400);
    });
    await expect(starter.start(request)).resolves.toBeUndefined();
  });

  it("says what kept it from starting", async () => {
    answers.set("StartExecution", () => {
      throw new AwsError("StateMachineDoesNotExist", "no machine", 400);
    });
    await expect(starter.start(request)).rejects.toThrow("no machine");
  });
});

describe("alerts", () => {
  it("carry the recipient as the attribute the subscriptions filter on", async () => {
    answers.set("Publish", () => ({ MessageId: "1" }));
    const alerts = snsAlerts({ account: "111111111111", region: "eu-west-1", clock });
    await alerts.publish({ recipient: "ops@orchard.example", subject: "[sla] a", text: "b" });
    expect(calls[0]?.input).toMatchObject({
      TopicArn: "arn:aws:sns:eu-west-1:111111111111:sla-alerts",
      Subject: "[sla] a",
      Message: "b",
      MessageAttributes: {
        recipient: { DataType: "String", StringValue: "ops@orchard.example" },
      },
    });
  });
});

describe("subscriptions", () => {
  it("let an address hear what is meant for it alone", async () => {
    const topic = snsEnlisting({ account: "111111111111", region: "eu-west-1", clock });
    await topic.subscribe("it@acme.example.ch");
    const input = {
      ...{ TopicArn: "arn:aws:sns:eu-west-1:111111111111:sla-alerts", Protocol: "email" },
      Endpoint: "it@acme.example.ch",
      Attributes: { FilterPolicy: '{"recipient":["it@acme.example.ch"]}' },
    };
    expect(calls).toMatchObject([{ operation: "Subscribe", region: "eu-west-1", input }]);
  });

  it("of both topics are named, and whether they wait for a click", async () => {
    answers.set("ListSubscriptionsByTopic", () => ({
      Subscriptions: [
        { SubscriptionArn: "PendingConfirmation", Endpoint: "it@acme.example.ch" },
        { SubscriptionArn: "arn:aws:sns:eu-west-1:111111111111:t:1", Endpoint: "ops@a.example" },
      ],
    }));
    const all = await snsSubscriptions({ account: "111111111111", clock })("eu-west-1");
    expect(all).toEqual(
      ["sla-alerts", "sla-operators"].flatMap((topic) => [
        { topic, address: "it@acme.example.ch", isConfirmed: false },
        { topic, address: "ops@a.example", isConfirmed: true },
      ]),
    );
  });
});
