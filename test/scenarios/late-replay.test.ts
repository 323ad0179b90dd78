import { describe, expect, it } from "vitest";
import { World } from "../fakes/failover-world.ts";

/** Twenty minutes behind in replaying, with all the log received; the plan allows five minutes of loss. */
function lagging(world: World, perSecond: number): void {
  const [from, to] = ["2026-11-21T09:40:00.000Z", "2026-11-21T09:59:50.000Z"].map(Date.parse);
  const since = world.clock.now().getTime();
  if (from === undefined || to === undefined) throw new Error("no instants");
  world.standby.backlog = { since, bytes: 100_000, perSecond, beats: { from, to } };
}

const fences = ({ databases }: World) =>
  databases.changes.filter((change) => change.includes("eu-central-2"));

describe("log that the standby has received and not replayed", () => {
  it("is no loss: it is waited for until the rest is within the limit, then promoted", async () => {
    const world = new World();
    lagging(world, 400);
    const left: number[] = [];
    world.before = (step) => {
      if (step === "fence") left.push(world.standby.undrained);
    };
    const run = await world.failover();
    expect(run).toMatchObject({ status: "done" });
    expect(run.output).toMatchObject({
      standbyBeat: expect.stringMatching(/^2026-11-21T09:5[5-9]/),
    });
    // Not until its end: promoting replays the rest.
    expect(left).toEqual([expect.any(Number)]);
    expect(left[0]).toBeGreaterThan(0);
  });

  it.each([
    ["does not move", 0],
    ["takes longer than there is time", 100],
  ])("that %s is told to a person, with nothing touched", async (_what, perSecond) => {
    const world = new World();
    lagging(world, perSecond);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltBehind" });
    const told = world.notices.findLast(({ kind }) => kind === "failover-halted")?.lines.join(" ");
    expect(told).toMatch(
      /promoting may lose \d+ s.*acme-db-standby has \d+ bytes of log to replay/,
    );
    expect(fences(world)).toEqual([]);
  });

  it("is not waited for where a person accepts the loss", async () => {
    const world = new World();
    lagging(world, 1000);
    const request = world.request({ trigger: "person", accept: ["HaltBehind"] });
    const before = world.clock.now().getTime();
    let preflightMs = 0;
    world.before = (step) => {
      if (step === "approve") preflightMs = world.clock.now().getTime() - before;
    };
    await world.failover(request);
    expect(preflightMs).toBeLessThan(10_000);
  });

  it("that a primary still sends is no reason to wait: it lives", async () => {
    const world = new World();
    lagging(world, 1000);
    world.page = "bad";
    world.primary.process = "runs";
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    expect(fences(world)).toEqual([]);
  });
});
