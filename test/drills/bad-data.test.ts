import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { drill, eventsOf, onStage, unmet } from "./rehearsal.ts";

const PACE = 60;
const HOME = "eu-south-2";

/** The harbour, which sells something for a lost data center as well. */
const withSiteLoss = (harbour: string) =>
  harbour.replace(
    "rtoSeconds: 23m, includesDns: true }\n",
    "$&    siteLoss: { rpoSeconds: 24h, rtoSeconds: 24h, includesDns: true }\n",
  );

describe("a table dropped by mistake, and a person who goes back to just before", () => {
  let stage: Stage;
  let result: DrillResult;
  const directory = mkdtempSync(join(tmpdir(), "bad-data-"));

  beforeAll(async () => {
    const fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, withSiteLoss(readFileSync("test/fixtures/harbour-fleet.yaml", "utf8")));
    stage = await onStage(fleet, PACE, { keepsBackups: true });
    result = await drill(stage, "bad-data", "tern");
  }, 500_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  it("gives the table back with all its rows, within what is promised", () => {
    expect(unmet(result)).toEqual([]);
    const { before = 0, after = 0 } = result.recovery?.table ?? {};
    expect(after).toBeGreaterThan(before ?? 0);
  });

  it("was undone to the second before, from logs at home", () => {
    const { recovery } = result;
    const faultAt = Date.parse(result.timeline[0]?.at ?? "");
    const at = Date.parse(recovery?.at ?? "");
    expect(faultAt - at).toBeGreaterThanOrEqual(0);
    expect(faultAt - at).toBeLessThan(1000);
    expect(recovery).toMatchObject({ from: "logs", region: HOME, database: "tern-1-slar1" });
    expect(recovery?.command).toContain(`--at ${recovery?.at}`);
  });

  it("gave up what was written later, on a primary that lived until it was fenced", () => {
    const { writes, fence } = result;
    expect(writes).toMatchObject({ lost: 0, acknowledgedByOldPrimaryAfterPromotion: 0 });
    expect(writes.givenUp).toBeGreaterThan(0);
    expect(fence).toBe("quarantined");
  });

  it("never promoted the standby, from which the table was gone as well", () => {
    expect(eventsOf(stage, "rds", "PromoteReadReplica")).toEqual([]);
    expect(result.recovery?.former).toContain("tern-2 (eu-west-1)");
  });
});
