import { createServer } from "node:http";
import * as cw from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as sfn from "@aws-sdk/client-sfn";
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { afterEach, describe, expect, it } from "vitest";
import { Silences } from "../../../lib/local-cloud/silences.ts";
import type { RawRoute } from "../../../lib/local-cloud/wire/server.ts";
import {
  AwsError,
  type CallContext,
  type Operation,
  type ServiceDefinition,
} from "../../../lib/local-cloud/wire/service.ts";
import { running } from "./running.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** One service with one operation, which remembers what it was asked. */
async function answering(
  client: object,
  operation: string,
  answer: Operation,
  options: Parameters<typeof running>[1] & { name?: string } = {},
) {
  const asked: { input: unknown; context: CallContext }[] = [];
  const definition: ServiceDefinition = {
    name: options.name ?? "tested",
    client,
    operations: {
      [operation]: async (input, context) => {
        asked.push({ input, context });
        return answer(input, context);
      },
    },
  };
  const cloud = await running([definition], options);
  stops.push(() => cloud.server.close());
  return { ...cloud, asked };
}

describe("awsQuery", () => {
  const answer = {
    DBInstances: [
      {
        DBInstanceIdentifier: "acme-db",
        InstanceCreateTime: new Date("2026-11-21T10:00:00.123Z"),
        MultiAZ: false,
        Endpoint: { Address: "acme.example", Port: 5432 },
        ReadReplicaDBInstanceIdentifiers: ["r1", "r2"],
        TagList: [{ Key: "a<b", Value: "c&d" }],
      },
    ],
  };

  it("carries structures, lists, dates and markup both ways", async () => {
    const cloud = await answering(rds, "DescribeDBInstances", async () => answer);
    const client = new rds.RDSClient(cloud.client());
    const input = {
      DBInstanceIdentifier: "acme-db",
      MaxRecords: 20,
      Filters: [{ Name: "engine", Values: ["a & b", "c"] }],
    };
    const { $metadata, ...found } = await client.send(new rds.DescribeDBInstancesCommand(input));
    expect(found).toEqual(answer);
    expect($metadata.requestId).toMatch(/^local-/);
    expect(cloud.asked[0]?.input).toEqual(input);
    expect(cloud.asked[0]?.context).toMatchObject({ region: "eu-central-2", accessKey: "local" });
  });

  it.for([
    ["its name", "DBInstanceNotFoundFault"],
    ["its code on the wire", "DBInstanceNotFound"],
  ] as const)("names a modelled error by %s", async ([, code]) => {
    const cloud = await answering(rds, "DescribeDBInstances", async () => {
      throw new AwsError(code, "no <acme-db>");
    });
    const look = new rds.RDSClient(cloud.client()).send(new rds.DescribeDBInstancesCommand({}));
    await expect(look).rejects.toBeInstanceOf(rds.DBInstanceNotFoundFault);
    await expect(look).rejects.toMatchObject({
      message: "no <acme-db>",
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe("ec2Query", () => {
  const answer = {
    SecurityGroups: [
      {
        ...{ GroupId: "sg-1", VpcId: "vpc-1" },
        IpPermissions: [
          {
            ...{ IpProtocol: "tcp", FromPort: 5432, ToPort: 5432 },
            IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "a<b & c" }],
            UserIdGroupPairs: [{ GroupId: "sg-2" }, { GroupId: "sg-3" }],
          },
        ],
      },
    ],
  };

  it("carries structures and flat lists under keys of its own, and back", async () => {
    const cloud = await answering(ec2, "DescribeSecurityGroups", async () => answer, {
      name: "ec2",
    });
    const client = new ec2.EC2Client(cloud.client());
    const input = {
      GroupIds: ["sg-1", "sg-2"],
      Filters: [{ Name: "vpc-id", Values: ["vpc-1", "vpc-2"] }],
      MaxResults: 5,
    };
    const { $metadata, ...found } = await client.send(new ec2.DescribeSecurityGroupsCommand(input));
    expect(found).toEqual(answer);
    expect($metadata.requestId ?? "local-").toMatch(/^local-/);
    expect(cloud.asked[0]?.input).toEqual(input);
  });

  it("carries rules to be made", async () => {
    const cloud = await answering(ec2, "AuthorizeSecurityGroupIngress", async () => ({
      Return: true,
    }));
    const client = new ec2.EC2Client(cloud.client());
    const input = { GroupId: "sg-1", IpPermissions: answer.SecurityGroups[0]?.IpPermissions ?? [] };
    await client.send(new ec2.AuthorizeSecurityGroupIngressCommand(input));
    expect(cloud.asked[0]?.input).toEqual(input);
  });

  it("names errors", async () => {
    const cloud = await answering(ec2, "DescribeSubnets", async () => {
      throw new AwsError("InvalidSubnetID.NotFound", "no <subnet>", 400);
    });
    const look = new ec2.EC2Client(cloud.client()).send(new ec2.DescribeSubnetsCommand({}));
    await expect(look).rejects.toMatchObject({
      ...{ name: "InvalidSubnetID.NotFound", message: "no <subnet>" },
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe("restXml", () => {
  it("carries path, body and a modelled error's own fields", async () => {
    const cloud = await answering(route53, "ChangeResourceRecordSets", async () => {
      throw new AwsError("InvalidChangeBatch", "two mistakes", undefined, {
        messages: ["one", "two"],
      });
    });
    const ResourceRecordSet: route53.ResourceRecordSet = {
      Name: "db.acme.example.ch",
      Type: "CNAME",
      TTL: 5,
      ResourceRecords: [{ Value: "x.example" }],
    };
    const ChangeBatch: route53.ChangeBatch = { Changes: [{ Action: "UPSERT", ResourceRecordSet }] };
    const client = new route53.Route53Client(cloud.client());
    const change = client.send(
      new route53.ChangeResourceRecordSetsCommand({ HostedZoneId: "/hostedzone/Z1", ChangeBatch }),
    );
    await expect(change).rejects.toBeInstanceOf(route53.InvalidChangeBatch);
    await expect(change).rejects.toMatchObject({ messages: ["one", "two"] });
    expect(cloud.asked[0]?.input).toMatchObject({ HostedZoneId: "Z1", ChangeBatch });
    expect(cloud.log.all()[0]?.detail).toMatchObject({
      HostedZoneId: "Z1",
      error: "InvalidChangeBatch",
    });
  });
});

describe("restJson1", () => {
  it("carries a blob, a status and headers", async () => {
    const cloud = await answering(lambda, "Invoke", async (input) => ({
      StatusCode: 202,
      FunctionError: "Unhandled",
      Payload: Buffer.from(`got ${input.Payload}`),
    }));
    const FunctionName = "arn:aws:lambda:eu-central-2:111111111111:function:sla-watch";
    const answer = await new lambda.LambdaClient(cloud.client()).send(
      new lambda.InvokeCommand({ FunctionName, InvocationType: "Event", Payload: "hi" }),
    );
    expect(answer).toMatchObject({ StatusCode: 202, FunctionError: "Unhandled" });
    expect(answer.Payload?.transformToString()).toBe("got hi");
    expect(cloud.log.all()[0]?.detail).toMatchObject({ FunctionName, ok: true });
  });

  it("names errors", async () => {
    const cloud = await answering(scheduler, "GetSchedule", async () => {
      throw new AwsError("ResourceNotFoundException", "gone");
    });
    const get = new scheduler.SchedulerClient(cloud.client()).send(
      new scheduler.GetScheduleCommand({ Name: "watch" }),
    );
    await expect(get).rejects.toBeInstanceOf(scheduler.ResourceNotFoundException);
  });
});

describe("awsJson", () => {
  it("carries dates and names errors", async () => {
    const startDate = new Date("2026-11-21T10:00:00.500Z");
    const cloud = await answering(sfn, "StartExecution", async ({ name }) => {
      if (name === "twice") throw new AwsError("ExecutionAlreadyExists", "twice");
      return { executionArn: "arn:x", startDate };
    });
    const client = new sfn.SFNClient(cloud.client());
    const start = (name: string) =>
      client.send(new sfn.StartExecutionCommand({ stateMachineArn: "arn:m", name }));
    expect(await start("once")).toMatchObject({ executionArn: "arn:x", startDate });
    await expect(start("twice")).rejects.toBeInstanceOf(sfn.ExecutionAlreadyExists);
  });
});

it.for([
  ["its own protocol", undefined],
  ["the query protocol", AwsQueryProtocol],
  ["RPC v2 with CBOR", AwsSmithyRpcV2CborProtocol],
] as const)("a service answers clients that speak %s", async ([, protocol]) => {
  const Metrics = [{ Namespace: "Sla", MetricName: "m", Dimensions: [{ Name: "a", Value: "b" }] }];
  const cloud = await answering(cw, "ListMetrics", async ({ Namespace }) => {
    if (Namespace === "bad") throw new AwsError("InvalidParameterValueException", "bad");
    return { Metrics };
  });
  const client = new cw.CloudWatchClient({ ...cloud.client(), ...(protocol && { protocol }) });
  const list = (Namespace: string) => client.send(new cw.ListMetricsCommand({ Namespace }));
  expect(await list("Sla")).toMatchObject({ Metrics });
  await expect(list("bad")).rejects.toBeInstanceOf(cw.InvalidParameterValueException);
  expect(cloud.asked[0]?.input).toEqual({ Namespace: "Sla" });
});

describe("the event log", () => {
  it("has every call with its region, trace and outcome", async () => {
    const cloud = await answering(lambda, "Invoke", async () => ({ StatusCode: 200 }));
    const client = new lambda.LambdaClient(cloud.client("eu-west-1"));
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { headers: Record<string, string> };
        request.headers["x-amzn-trace-id"] = "Root=1-6745-abc";
        return next(args);
      },
      { step: "build" },
    );
    await client.send(new lambda.InvokeCommand({ FunctionName: "f", Payload: "a secret" }));
    expect(cloud.log.all()).toMatchObject([
      {
        service: "tested",
        operation: "Invoke",
        region: "eu-west-1",
        trace: "Root=1-6745-abc",
        detail: { ok: true, FunctionName: "f" },
      },
    ]);
    expect(cloud.asked[0]?.context.trace).toBe("Root=1-6745-abc");
    expect(JSON.stringify(cloud.log.all())).not.toContain("secret");
  });
});

describe("what is not there", () => {
  it("is an operation: 501 with its name", async () => {
    const cloud = await answering(rds, "DescribeDBInstances", async () => ({}));
    const reboot = new rds.RDSClient(cloud.client()).send(
      new rds.RebootDBInstanceCommand({ DBInstanceIdentifier: "x" }),
    );
    await expect(reboot).rejects.toMatchObject({
      name: "NotImplemented",
      message: "tested: the local cloud lacks the operation RebootDBInstance",
      $metadata: { httpStatusCode: 501 },
    });
    expect(cloud.log.all()).toMatchObject([{ operation: "RebootDBInstance" }]);
  });

  it("is a service: 501 with its signing name", async () => {
    const cloud = await answering(rds, "DescribeDBInstances", async () => ({}));
    const call = new sfn.SFNClient(cloud.client()).send(new sfn.ListStateMachinesCommand({}));
    await expect(call).rejects.toMatchObject({
      name: "UnknownService",
      message: "the local cloud has no service 'states'",
    });
  });

  it("is an operation the client does not know: refused when added", async () => {
    const operations = { DescribeEverything: async () => ({}) };
    const wrong = running([{ name: "rds", client: rds, operations }]);
    await expect(wrong).rejects.toThrow("rds: its client has no operation 'DescribeEverything'");
  });
});

describe("what goes wrong", () => {
  it("inside an operation is an InternalFailure", async () => {
    const cloud = await answering(sfn, "StartExecution", async () => {
      throw new TypeError("x is undefined");
    });
    const start = new sfn.SFNClient(cloud.client()).send(
      new sfn.StartExecutionCommand({ stateMachineArn: "m" }),
    );
    await expect(start).rejects.toMatchObject({
      name: "InternalFailure",
      message: "x is undefined",
      $metadata: { httpStatusCode: 500 },
    });
    expect(cloud.log.all()[0]?.detail).toMatchObject({ message: "x is undefined" });
  });

  it("in a body is said to be unreadable", async () => {
    const cloud = await answering(sfn, "StartExecution", async () => ({}));
    const answer = await fetch(cloud.url, {
      method: "POST",
      headers: {
        "x-amz-target": "AWSStepFunctions.StartExecution",
        "content-type": "application/x-amz-json-1.0",
      },
      body: "{",
    });
    expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([
      400,
      "SerializationException",
    ]);
  });

  it("with the port rejects the listening", async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
    stops.push(async () => void taken.close());
    const { server } = await answering(rds, "DescribeDBInstances", async () => ({}));
    await server.close();
    const { port } = taken.address() as { port: number };
    await expect(server.listen("127.0.0.1", port)).rejects.toMatchObject({
      message: `the AWS endpoint cannot listen on 127.0.0.1:${port}: something else listens there; choose another port`,
      cause: { code: "EADDRINUSE" },
    });
  });
});

describe("a region that is cut off", () => {
  const lost = new Set<string>();
  const isCutOff = (region: string) => lost.has(region);
  const impatient = { requestTimeout: 200, throwOnRequestTimeout: true };

  it("hangs, and answers again when it is back", async () => {
    const cloud = await answering(rds, "DescribeDBInstances", async () => ({}), { isCutOff });
    const options = { ...cloud.client(), requestHandler: impatient };
    const look = () => new rds.RDSClient(options).send(new rds.DescribeDBInstancesCommand({}));
    await look();
    lost.add("eu-central-2");
    await expect(look()).rejects.toMatchObject({ name: "TimeoutError" });
    expect(cloud.asked).toHaveLength(1);
    lost.clear();
    await look();
  });

  it("loses the answers it was working on", async () => {
    const cloud = await answering(
      rds,
      "DescribeDBInstances",
      async () => {
        lost.add("eu-central-2");
        return {};
      },
      { isCutOff },
    );
    const options = { ...cloud.client(), requestHandler: impatient };
    const look = new rds.RDSClient(options).send(new rds.DescribeDBInstancesCommand({}));
    await expect(look).rejects.toMatchObject({ name: "TimeoutError" });
    lost.clear();
  });

  it("keeps no connection when the server closes", async () => {
    lost.add("eu-central-2");
    const arrived = Promise.withResolvers<void>();
    const asked = (region: string) => {
      arrived.resolve();
      return isCutOff(region);
    };
    const cloud = await answering(rds, "DescribeDBInstances", async () => ({}), {
      isCutOff: asked,
    });
    const client = new rds.RDSClient(cloud.client());
    const look = client.send(new rds.DescribeDBInstancesCommand({})).catch((error) => error.code);
    await arrived.promise;
    await cloud.server.close();
    expect(await look).toBe("ECONNRESET");
    lost.clear();
  });
});

it("a service that is silent in one region hangs there only, until that ends", async () => {
  const silences = new Silences();
  const isSilent = (service: string, region: string) => silences.covers(service, region);
  const cloud = await answering(rds, "DescribeDBInstances", async () => ({}), {
    isSilent,
    name: "rds",
  });
  const impatient = { requestTimeout: 200, throwOnRequestTimeout: true };
  const look = (region: string) =>
    new rds.RDSClient({ ...cloud.client(region), requestHandler: impatient }).send(
      new rds.DescribeDBInstancesCommand({}),
    );
  silences.begin("rds", "eu-central-2");
  silences.begin("s3");
  await expect(look("eu-central-2")).rejects.toMatchObject({ name: "TimeoutError" });
  await look("eu-central-1");
  silences.end("rds", "eu-central-2");
  await look("eu-central-2");
  silences.begin("rds");
  await expect(look("eu-central-1")).rejects.toMatchObject({ name: "TimeoutError" });
});

it("raw routes come before the services", async () => {
  const bodies: string[] = [];
  const route: RawRoute = {
    match: ({ url }) => url === "/custom-resource",
    async handle(request, response) {
      for await (const chunk of request) bodies.push(String(chunk));
      response.end("thanks");
    },
  };
  const cloud = await answering(rds, "DescribeDBInstances", async () => ({}), { routes: [route] });
  const answer = await fetch(`${cloud.url}/custom-resource`, { method: "PUT", body: "done" });
  expect([await answer.text(), bodies]).toEqual(["thanks", ["done"]]);
});
