import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { drill, eventsOf, onStage, unmet } from "./rehearsal.ts";

// Whatever asks a frozen server waits for its time-out, which no pace divides below its floor.
const PACE = 20;

describe("a primary that hangs with all its connections open", () => {
  let stage: Stage;
  let result: DrillResult;
  beforeAll(async () => {
    stage = await onStage("test/fixtures/harbour-fleet.yaml", PACE);
    result = await drill(stage, "freeze", "tern");
  }, 230_000);
  afterAll(() => stage?.close());

  it("is failed over, and acknowledges nothing when it answers again", async () => {
    expect(unmet(result), result.timeline.map(({ detail }) => detail).join("\n")).toEqual([]);
    expect(result).toMatchObject({ ok: true, expected: "failover", promoted: true });
    const [hung] = eventsOf(stage, "rds", "ServerPaused");
    const [thawed] = eventsOf(stage, "rds", "ServerResumed");
    expect(hung?.at).toBeLessThan(thawed?.at ?? 0);
    const { home, database } = stage.fleet.instances.find(({ id }) => id === "tern") ?? {};
    const { rds } = stage.cloud.services;
    // Out of recovery, so that only its fence keeps clients from it.
    const text = "select pg_is_in_recovery() as standby";
    const [old] = await rds.adminQuery(home ?? "", database?.primary ?? "", text);
    expect(old).toEqual({ standby: false });
    expect(result.fence).toBe("quarantined");
    expect(result.writes.acknowledgedByOldPrimaryAfterPromotion).toBe(0);
  });
});
