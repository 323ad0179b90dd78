import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { drill, onStage, unmet } from "./rehearsal.ts";

/** Two failovers at once, each with a client that writes on beside it: room for a machine that does other work. */
const PACE = 20;

describe("a region that is lost with all its instances, and comes back beside their successors", () => {
  let stage: Stage;
  let result: DrillResult;

  beforeAll(async () => {
    stage = await onStage("examples/fleet.yaml", PACE);
    result = await drill(stage, "region", "acme");
  }, 330_000);
  afterAll(() => stage?.close());

  it("costs no instance its promise, and each has an object of its own", () => {
    expect(unmet(result)).toEqual([]);
    expect(result.instances?.map(({ instance, ok }) => [instance, ok])).toEqual([
      ["acme", true],
      ["birch", true],
    ]);
  });

  it("is fenced within a round, and every row it took until then is found", () => {
    for (const { writes, fencePaidSeconds } of result.instances ?? []) {
      expect(fencePaidSeconds).toBeLessThan(60 / PACE + 5);
      expect(writes.divergentExported).toBe(writes.acknowledgedByOldPrimaryAfterPromotion);
    }
  });

  it("is one mail to the provider, and one for each instance to its contacts", () => {
    const subjects = (to: string, subject: RegExp) =>
      result.mails.filter((mail) => mail.to === to && subject.test(mail.subject));
    expect(subjects("ops@mintsys.example", /REGION LOST/)).toHaveLength(1);
    expect(subjects("ops@mintsys.example", /incident opened|failover (started|done)/)).toEqual([]);
    for (const id of ["acme", "birch"]) {
      expect(subjects(`it@${id}.example`, /failover done/)).toHaveLength(1);
    }
  });
});
