import * as rds from "@aws-sdk/client-rds";
import { afterEach, describe, expect, it } from "vitest";
import { clientSettings } from "../../../functions/aws/clients.ts";
import { type Clock, clockFrom } from "../../../functions/kernel/clock.ts";
import { Throttles } from "../../../lib/local-cloud/throttles.ts";
import { running } from "../../local-cloud/wire/running.ts";

const REGION = "eu-central-1";
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function cloud() {
  const throttles = new Throttles();
  const definition = {
    ...{ name: "rds", client: rds },
    operations: { DescribeDBInstances: async () => ({}) },
  };
  const { client, server } = await running([throttles.around(definition)]);
  stops.push(() => server.close());
  const { maxAttempts: _, ...reach } = client(REGION);
  const describeWith = (clock: Clock, options = {}) => {
    const made = new rds.RDSClient({
      ...reach,
      ...clientSettings(clock, { region: REGION, ...options }),
    });
    stops.push(async () => made.destroy());
    return () => made.send(new rds.DescribeDBInstancesCommand({}));
  };
  const refuse = (refused: number, of: number) =>
    throttles.begin(REGION, { refused, of, until: Date.now() + 60_000 });
  return { describeWith, refuse, throttles };
}

const AWS = clockFrom({});

describe("a client's own repeats", () => {
  it("heal what is turned away once, not twice", async () => {
    const { describeWith, refuse, throttles } = await cloud();
    const describeAll = describeWith(AWS);
    refuse(1, 3);
    await describeAll();
    expect(throttles.end()).toBe(1);
    refuse(2, 2);
    await expect(describeAll()).rejects.toMatchObject({ name: "Throttling" });
    expect(throttles.end()).toBe(3);
  });

  it("do not happen where one attempt was asked for", async () => {
    const { describeWith, refuse, throttles } = await cloud();
    refuse(1, 1);
    await expect(describeWith(AWS, { maxAttempts: 1 })()).rejects.toMatchObject({
      name: "Throttling",
    });
    expect(throttles.end()).toBe(1);
  });

  // In adaptive mode each of the later calls would wait for two seconds.
  it("let nobody wait who was not turned away", async () => {
    const { describeWith, refuse } = await cloud();
    const describeAll = describeWith(AWS);
    refuse(1, 1000);
    await describeAll();
    const began = performance.now();
    for (let call = 0; call < 5; call += 1) await describeAll();
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("wait in plan time: at most half a second before the first, twice that before the next", () => {
    for (const pace of [1, 50]) {
      const { retryStrategy } = clientSettings(clockFrom({ SLA_PACE: String(pace) }));
      const backoff = retryStrategy["retryBackoffStrategy"];
      backoff.setDelayBase(500);
      const longest = (attempt: number) =>
        Math.max(...Array.from({ length: 500 }, () => backoff.computeNextBackoffDelay(attempt)));
      expect(longest(0)).toBeLessThan(500 / pace);
      expect(longest(0)).toBeGreaterThan(350 / pace);
      expect(longest(1)).toBeGreaterThan(700 / pace);
      expect(longest(20)).toBeLessThanOrEqual(20_000 / pace);
    }
  });
});
