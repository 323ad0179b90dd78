import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../functions/aws/lambda-call.ts";
import { pulseBy } from "../../functions/aws/lambda-pulse.ts";
import { vantagesBy } from "../../functions/aws/lambda-vantages.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import {
  PROBE_BATCH,
  PROBE_TIMEOUTS,
  type ProbeAnswer,
  type ProbeRequest,
} from "../../functions/probe/contract.ts";
import { AT_ONCE } from "../../functions/probe/probe.ts";
import type { SqlAnswer, SqlRequest } from "../../functions/sql/contract.ts";
import { World } from "../fakes/failover-world.ts";

const REGION = "eu-west-1";
/** What a look waits for a vantage or a sql function. */
const ANSWER_SECONDS = 11;
const targets = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `i${index}`, url: "https://x.example/" }));
const request = (count: number) => ({ targets: targets(count), controls: [], ...PROBE_TIMEOUTS });
const sqlTarget = (index: number) => ({
  instance: `i${index}`,
  host: "h",
  port: 5432,
  database: "postgres",
  secret: "s",
});

/** A region in which no target answers: every turn of targets takes both time-outs. */
const silentRegion: Call = async <T>(_region: string, _name: string, payload: unknown) => {
  const asked = (payload as ProbeRequest).targets;
  const turns = Math.ceil(asked.length / AT_ONCE);
  const seconds = turns * (PROBE_TIMEOUTS.connectSeconds + PROBE_TIMEOUTS.answerSeconds);
  if (seconds > ANSWER_SECONDS) throw new SlaError("CloudUnreachable", "cloud", "TimeoutError");
  const results = asked.map(({ id }) => ({ id, good: false, tookMs: 8000 }));
  return { vantage: REGION, blind: false, results } satisfies ProbeAnswer as T;
};

describe("a region with hundreds of instances that is lost at once", () => {
  it("is seen down by a vantage, instead of the vantage being too late to count", async () => {
    const { results, blind } = await vantagesBy(silentRegion).probe(REGION, request(250));
    expect(blind).toBe(false);
    expect(results.filter(({ good }) => !good)).toHaveLength(250);
  });

  it("is probed in batches that are looked at in one turn", () => {
    expect(PROBE_BATCH).toBeLessThanOrEqual(AT_ONCE);
  });

  it("asks every server exactly once, whatever its size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), async (count) => {
        const asked: string[] = [];
        const call: Call = async <T>(_region: string, _name: string, payload: unknown) => {
          const batch = (payload as SqlRequest).targets.map(({ instance }) => instance);
          expect(batch.length).toBeLessThanOrEqual(80);
          asked.push(...batch);
          return { results: [] } satisfies SqlAnswer<never> as T;
        };
        const all = Array.from({ length: count }, (_, index) => sqlTarget(index));
        await pulseBy(call).read(REGION, all);
        expect(asked.toSorted()).toEqual(all.map(({ instance }) => instance).toSorted());
      }),
    );
  });

  it("leaves what the other calls said when one of them fails", async () => {
    let calls = 0;
    const call: Call = async <T>(region: string, name: string, payload: unknown) => {
      if (calls++ === 0) throw new SlaError("CloudThrottled", "cloud", "429");
      return silentRegion<T>(region, name, payload);
    };
    const { results } = await vantagesBy(call).probe(REGION, request(250));
    expect(results).toHaveLength(100);
  });

  it("does not answer when no call does", async () => {
    const call: Call = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "no answer");
    };
    await expect(vantagesBy(call).probe(REGION, request(250))).rejects.toThrow("no answer");
  });
});

describe("vantages that are throttled because a whole region is failed over", () => {
  it("are asked again for minutes before a failover is left to a person", async () => {
    const world = new World();
    world.blind.add("eu-north-1").add("eu-south-1");
    let looks = 60;
    world.before = (step) => {
      if (step === "admit" && looks-- === 0) world.blind.clear();
    };
    expect((await world.failover()).status).toBe("done");
  });
});
