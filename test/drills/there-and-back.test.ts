import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runDrill } from "../../lib/drill/drill.ts";
import { chooseFault, chooseVictim } from "../../lib/drill/options.ts";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { onStage, unmet } from "./rehearsal.ts";

const ROWS = 10_000;

describe("a failover, a new standby, and the planned way home", () => {
  let stage: Stage;
  let result: DrillResult;

  beforeAll(async () => {
    stage = await onStage("examples/fleet.yaml", 30);
    const victim = chooseVictim(stage.fleet, "acme");
    const silent = { tell: () => {}, progress: () => {} };
    const fault = chooseFault("kill");
    result = await runDrill({ stage, victim, fault, thereAndBack: ROWS, ...silent });
    console.log(JSON.stringify({ writes: result.writes, failback: result.failback }));
  }, 900_000);
  afterAll(() => stage?.close());

  it("keep every promise", () => {
    expect(unmet(result)).toEqual([]);
  });

  it(`lose none of at least ${ROWS} rows written through them`, () => {
    expect(result.failback?.rows).toBeGreaterThanOrEqual(ROWS);
    expect(result.failback).toMatchObject({ rpoRows: 0, epoch: 4 });
    expect(result.writes.lost).toBe(0);
  });
});
