import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import * as s3 from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { Throttles } from "../../../lib/local-cloud/throttles.ts";
import { running, SECRET } from "../wire/running.ts";

const LATER = Date.now() + 60_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function cloud() {
  const throttles = new Throttles();
  const empty = async () => ({});
  const { definition: objects } = s3Service({ secretAccessKey: SECRET });
  const definitions = [
    { name: "rds", client: rds, operations: { DescribeDBInstances: empty } },
    { name: "route53", client: route53, operations: { GetHostedZoneCount: empty } },
    objects,
  ];
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
    throttles.begin("rds", "eu-central-1", { refused: 2, of: 3, until: LATER });
    const heard: string[] = [];
    for (let call = 0; call < 5; call += 1) heard.push(await describeFrom("eu-central-1"));
    expect(heard).toEqual(["Throttling", "Throttling", "served", "Throttling", "Throttling"]);
    expect(await describeFrom("eu-central-2")).toBe("served");
    throttles.begin("rds", "eu-central-1", { refused: 1, of: 1, until: Date.now() });
    expect(await describeFrom("eu-central-1")).toBe("served");
    expect(throttles.end()).toBe(4);
    expect(await describeFrom("eu-central-1")).toBe("served");
  });

  it.for(["rds", "route53", "s3"])(
    "says so in the words of %s, so that the SDK sees it",
    async (name) => {
      const { throttles, client } = await cloud();
      throttles.begin(name, "us-east-1", { refused: 1, of: 1, until: LATER });
      const at = client("us-east-1");
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        rds: () => new rds.RDSClient(at).send(new rds.DescribeDBInstancesCommand({})),
        route53: () =>
          new route53.Route53Client(at).send(new route53.GetHostedZoneCountCommand({})),
        s3: () =>
          new s3.S3Client({ ...at, forcePathStyle: true }).send(new s3.ListBucketsCommand({})),
      };
      await expect(calls[name]?.()).rejects.toMatchObject({
        name: name === "s3" ? "SlowDown" : "Throttling",
        $metadata: { httpStatusCode: name === "s3" ? 503 : 400 },
      });
    },
  );
});
