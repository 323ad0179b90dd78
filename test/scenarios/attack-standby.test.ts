import { describe, expect, it } from "vitest";
import { World } from "../fakes/failover-world.ts";

describe("a standby that is not what its name says", () => {
  it.each([
    "arn:aws:rds:eu-central-2:111111111111:db:acme-staging",
    "arn:aws:rds:eu-north-1:111111111111:db:acme-db",
  ])("and follows %s is not promoted", async (source) => {
    const world = new World();
    world.standby.source = source;
    const run = await world.failover();
    expect(run.output).toMatchObject({
      Error: "HaltStandbyUnfit",
      Cause: expect.stringContaining(`follows ${source}, not acme-db in eu-central-2`),
    });
    expect(world.databases.changes).toEqual([]);
  });

  it("and lies in quarantine is not promoted: no client would get in", async () => {
    const world = new World();
    world.standby.groups = ["sg-1q"];
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStandbyUnfit" });
    expect(world.databases.changes).toEqual([]);
    expect(world.signpost.batches).toEqual([]);
  });
});
