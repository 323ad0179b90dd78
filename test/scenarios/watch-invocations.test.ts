import { setImmediate as afterPendingWork } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RoundRecord } from "../../functions/watch/contract.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), instance("birch")]);
const OWNER = "eu-central-1";
const deadAt = (second: number) => new WatchWorld(FLEET).fault("database acme-db", second);

describe("invocations that do not come as they should", () => {
  it("tells and starts once when every invocation comes twice at the same time", async () => {
    const world = deadAt(61);
    for (const begin of [0, 60, 120, 180]) {
      await Promise.all([world.tick(OWNER, begin), world.tick(OWNER, begin)]);
    }
    expect(world.executions()).toHaveLength(1);
    expect(new Set(world.told("acme"))).toEqual(new Set(["incident-opened"]));
    expect(world.incidents(OWNER, "acme")).toHaveLength(1);
    expect(world.ledgers.at(OWNER).keys("rounds/")).toHaveLength(4);
  });

  it("changes nothing when an invocation is repeated later", async () => {
    const world = deadAt(61);
    await world.minutes(0, 4);
    const before = world.state(OWNER);
    const told = world.notices.length;
    await world.tick(OWNER, 60);
    await world.tick(OWNER, 0, { late: 600 });
    expect(world.state(OWNER)).toEqual(before);
    expect(world.notices).toHaveLength(told);
  });

  it("still looks in every slot when invocations come late within their minute", async () => {
    const world = new WatchWorld(FLEET);
    for (const begin of [0, 60, 120]) await world.tick(OWNER, begin, { late: 37 });
    const slots = world.ledgers
      .at(OWNER)
      .keys("rounds/")
      .flatMap((key) => world.ledgers.at(OWNER).peek<RoundRecord>(key)?.looks ?? [])
      .map(({ slot }) => Date.parse(slot));
    expect(slots).toHaveLength(12);
    expect(new Set(slots.slice(1).map((slot, n) => slot - (slots[n] ?? 0)))).toEqual(
      new Set([15_000]),
    );
  });

  it("leaves out slots that find two looks under way, and judges those it has begun", async () => {
    const world = deadAt(0);
    let open: () => void = () => undefined;
    const answers = new Promise<void>((done) => {
      open = done;
    });
    world.onProbe = (at) => (at < 60 ? answers : undefined);
    const slow = world.tick(OWNER, 0);
    for (let turn = 0; turn < 50; turn += 1) await afterPendingWork();
    open();
    expect(await slow).toMatchObject({ looks: 2, leftOut: 2, failures: [] });
    expect(world.told("acme")).toEqual([]);
    expect(await world.tick(OWNER, 60)).toMatchObject({ looks: 4, leftOut: 0 });
    expect(world.told("acme")).toContain("incident-opened");
  });

  it("neither opens nor forgets anything for a skipped minute", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 31, 40).fault("app acme", 91, 100);
    await world.tick(OWNER, 0);
    await world.tick(OWNER, 120);
    expect(world.notices).toEqual([]);
    const outage = deadAt(46);
    await outage.tick(OWNER, 0);
    await outage.tick(OWNER, 120);
    expect(outage.executions()).toHaveLength(1);
  });

  it("ends up the same whatever is repeated and delayed", async () => {
    const once = deadAt(61);
    for (const begin of [0, 60, 120, 180, 240]) await once.tick(OWNER, begin);
    const anyRepeats = fc.array(fc.constantFrom(0, 60, 120, 180), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyRepeats, async (repeats) => {
        const world = deadAt(61);
        for (const begin of [0, 60, 120, 180, 240]) {
          await world.tick(OWNER, begin);
          for (const again of repeats.filter((repeat) => repeat <= begin)) {
            await world.tick(OWNER, again);
          }
        }
        expect(world.executions()).toEqual(once.executions());
        expect(world.told("acme")).toEqual(once.told("acme"));
        expect(world.state(OWNER)).toEqual(once.state(OWNER));
      }),
      { numRuns: 20 },
    );
  });

  it("tells in the next look what a crash kept it from telling", async () => {
    const world = deadAt(61);
    world.mailsLost = 1;
    const reports = await world.minutes(0, 4, [OWNER]);
    expect(reports.flatMap(({ failures }) => failures)).toEqual(["CloudUnreachable: no answer"]);
    expect(world.told("acme")).toEqual(["incident-opened"]);
    expect(world.state(OWNER)?.owed).toEqual([]);
  });

  it("starts one execution although the answer to its start was lost", async () => {
    const world = deadAt(61);
    world.startAnswersLost = 1;
    await world.minutes(0, 4, [OWNER]);
    expect(world.started).toHaveLength(2);
    expect(world.executions()).toHaveLength(1);
  });

  it("starts in the next look what was throttled in this one", async () => {
    const world = deadAt(61);
    world.startsThrottled = 2;
    await world.minutes(0, 4, [OWNER]);
    expect(world.executions()).toHaveLength(1);
  });
});
