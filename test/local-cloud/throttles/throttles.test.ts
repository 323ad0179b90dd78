import * as ec2 from "@aws-sdk/client-ec2";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import * as s3 from "@aws-sdk/client-s3";
import * as secrets from "@aws-sdk/client-secrets-manager";
import * as ses from "@aws-sdk/client-sesv2";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import { isThrottlingError } from "@smithy/core/retry";
import { afterEach, describe, expect, it } from "vitest";
import { cloudError } from "../../../functions/aws/cloud-errors.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { Throttles } from "../../../lib/local-cloud/throttles.ts";
import { running, SECRET } from "../wire/running.ts";

const LATER = Date.now() + 60_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Settings = ReturnType<Awaited<ReturnType<typeof running>>["client"]>;

type SdkError = Parameters<typeof isThrottlingError>[0];

interface Asked {
  readonly client: object;
  readonly operation: string;
  readonly call: (at: Settings) => Promise<unknown>;
  readonly refusal: string;
  readonly status: number;
}

/** One call of every service that functions ask. */
const CALLS: Readonly<Record<string, Asked>> = {
  rds: {
    client: rds,
    operation: "DescribeDBInstances",
    call: (at) => new rds.RDSClient(at).send(new rds.DescribeDBInstancesCommand({})),
    ...{ refusal: "Throttling", status: 400 },
  },
  route53: {
    client: route53,
    operation: "GetHostedZoneCount",
    call: (at) => new route53.Route53Client(at).send(new route53.GetHostedZoneCountCommand({})),
    ...{ refusal: "Throttling", status: 400 },
  },
  s3: {
    client: s3,
    operation: "ListBuckets",
    call: (at) =>
      new s3.S3Client({ ...at, forcePathStyle: true }).send(new s3.ListBucketsCommand({})),
    ...{ refusal: "SlowDown", status: 503 },
  },
  sns: {
    client: sns,
    operation: "ListTopics",
    call: (at) => new sns.SNSClient(at).send(new sns.ListTopicsCommand({})),
    ...{ refusal: "ThrottledException", status: 429 },
  },
  ses: {
    client: ses,
    operation: "GetAccount",
    call: (at) => new ses.SESv2Client(at).send(new ses.GetAccountCommand({})),
    ...{ refusal: "TooManyRequestsException", status: 429 },
  },
  lambda: {
    client: lambda,
    operation: "Invoke",
    call: (at) => new lambda.LambdaClient(at).send(new lambda.InvokeCommand({ FunctionName: "f" })),
    ...{ refusal: "TooManyRequestsException", status: 429 },
  },
  states: {
    client: sfn,
    operation: "ListStateMachines",
    call: (at) => new sfn.SFNClient(at).send(new sfn.ListStateMachinesCommand({})),
    ...{ refusal: "ThrottlingException", status: 400 },
  },
  secretsmanager: {
    client: secrets,
    operation: "ListSecrets",
    call: (at) => new secrets.SecretsManagerClient(at).send(new secrets.ListSecretsCommand({})),
    ...{ refusal: "ThrottlingException", status: 400 },
  },
  kms: {
    client: kms,
    operation: "ListKeys",
    call: (at) => new kms.KMSClient(at).send(new kms.ListKeysCommand({})),
    ...{ refusal: "ThrottlingException", status: 400 },
  },
  ec2: {
    client: ec2,
    operation: "DescribeRegions",
    call: (at) => new ec2.EC2Client(at).send(new ec2.DescribeRegionsCommand({})),
    ...{ refusal: "RequestLimitExceeded", status: 503 },
  },
};

async function cloud() {
  const throttles = new Throttles();
  const { definition: objects } = s3Service({ secretAccessKey: SECRET });
  const definitions = Object.entries(CALLS).map(([name, { client, operation }]) =>
    name === "s3" ? objects : { name, client, operations: { [operation]: async () => ({}) } },
  );
  const { client, server } = await running(definitions.map((each) => throttles.around(each)));
  stops.push(() => server.close());
  return { throttles, client };
}

describe("a throttled service", () => {
  it("refuses a burst of its calls in that region, over and over, and then everybody is served", async () => {
    const { throttles, client } = await cloud();
    const describeFrom = async (region: string) => {
      const one = new rds.RDSClient(client(region));
      const sent = one.send(new rds.DescribeDBInstancesCommand({}));
      return sent.then(
        () => "served",
        ({ name }: Error) => name,
      );
    };
    throttles.begin("eu-central-1", { refused: 2, of: 3, until: LATER }, ["rds"]);
    const heard: string[] = [];
    for (let call = 0; call < 5; call += 1) heard.push(await describeFrom("eu-central-1"));
    expect(heard).toEqual(["Throttling", "Throttling", "served", "Throttling", "Throttling"]);
    expect(await describeFrom("eu-central-2")).toBe("served");
    throttles.begin("eu-central-1", { refused: 1, of: 1, until: Date.now() }, ["rds"]);
    expect(await describeFrom("eu-central-1")).toBe("served");
    expect(throttles.end()).toBe(4);
    expect(await describeFrom("eu-central-1")).toBe("served");
  });

  it("counts each service by itself, those of one region or of all its services", async () => {
    const { throttles, client } = await cloud();
    throttles.begin("us-east-1", { refused: 1, of: 2, until: LATER });
    const at = client("us-east-1");
    const rdsCall = () => new rds.RDSClient(at).send(new rds.DescribeDBInstancesCommand({}));
    const zones = () =>
      new route53.Route53Client(at).send(new route53.GetHostedZoneCountCommand({}));
    await expect(rdsCall()).rejects.toThrow("Rate exceeded");
    await expect(zones()).rejects.toThrow("Rate exceeded");
    await rdsCall();
    await zones();
    expect(throttles.end()).toBe(2);
  });

  it.for(Object.entries(CALLS))(
    "says so in the words of %s, so that the SDK sees it",
    async (row) => {
      const [name, { call, refusal, status }] = row;
      const { throttles, client } = await cloud();
      throttles.begin("us-east-1", { refused: 1, of: 1, until: LATER }, [name]);
      const heard: unknown = await call(client("us-east-1")).catch((cause: unknown) => cause);
      expect(heard).toMatchObject({ name: refusal, $metadata: { httpStatusCode: status } });
      expect(isThrottlingError(heard as SdkError)).toBe(true);
      expect(cloudError(heard, "asking")).toMatchObject({ code: "CloudThrottled" });
    },
  );

  it("refuses state machines their functions, as Step Functions names it", async () => {
    const throttles = new Throttles();
    const functions = throttles.aroundFunctions({
      invoke: async () => ({ kind: "answered", payload: "{}" }),
    });
    const call = { region: "eu-central-1", name: "sla-failover", payload: "{}" };
    throttles.begin(call.region, { refused: 1, of: 2, until: LATER });
    await expect(functions.invoke(call)).rejects.toMatchObject({
      code: "TooManyRequestsException",
    });
    expect(await functions.invoke(call)).toEqual({ kind: "answered", payload: "{}" });
  });
});
