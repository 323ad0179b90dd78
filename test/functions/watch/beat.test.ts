import { setImmediate as afterPendingWork } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { SlaError } from "../../../functions/kernel/errors.ts";
import type { SqlTarget } from "../../../functions/sql/contract.ts";
import { beat } from "../../../functions/watch/beat.ts";
import type { Endpoint } from "../../../functions/watch/ports.ts";
import { firstRoles, promotedRoles, type Roles } from "../../../lib/sla/roles.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";

const FLEET = fleetOf([instance("acme"), alone("cedar")]);
const SINCE = "2026-03-02T10:00:00.000Z";
const EVENT = { scheduledTime: SINCE, shard: "s00" };
const rolesOf = (changes: Partial<Record<string, Roles>> = {}) =>
  new Map(FLEET.instances.map((one) => [one.id, changes[one.id] ?? firstRoles(FLEET, one, SINCE)]));

function heart(region: string, { roles = rolesOf(), described = ["acme-db", "cedar-db"] } = {}) {
  const beaten: string[][] = [];
  const clock = new FakeClock(SINCE);
  const world = {
    region,
    clock,
    roles: { all: async () => roles, hear: async () => undefined },
    inventory: {
      describe: async (): Promise<ReadonlyMap<string, Endpoint>> =>
        new Map(described.map((host) => [host, { host, port: 5432 }])),
    },
    pulse: {
      read: async () => [],
      beat: async (_region: string, targets: readonly SqlTarget[]) => {
        beaten.push(targets.map(({ host }) => host));
        return targets.map(({ instance: id }) => ({
          instance: id,
          ok: true as const,
          value: { at: clock.now().toISOString(), sequence: beaten.length },
        }));
      },
    },
  };
  return { beaten, world };
}

describe("beat", () => {
  it("writes the heartbeats of the primaries in its region, as often as their plan looks", async () => {
    const { beaten, world } = heart("eu-central-2");
    expect(await beat(EVENT, FLEET, world)).toEqual({ beats: 8, failures: {} });
    expect(beaten).toEqual(Array.from({ length: 4 }, () => ["acme-db", "cedar-db"]));
  });

  it("writes none where no primary is", async () => {
    const { beaten, world } = heart("eu-central-1");
    expect(await beat(EVENT, FLEET, world)).toEqual({ beats: 0, failures: {} });
    expect(beaten).toEqual([]);
  });

  it("follows a promotion to the other region", async () => {
    const [acme] = FLEET.instances;
    if (!acme) throw new Error("the fleet has acme");
    const promoted = promotedRoles(firstRoles(FLEET, acme, SINCE), FLEET.control, SINCE, "x");
    const roles = rolesOf({ acme: promoted });
    const { beaten, world } = heart("eu-central-1", { roles, described: ["acme-db-standby"] });
    await beat(EVENT, FLEET, world);
    expect(beaten[0]).toEqual(["acme-db-standby"]);
  });

  it("begins no third round while two are under way", async () => {
    const { world } = heart("eu-central-2");
    const waiting: (() => void)[] = [];
    const { beat: write } = world.pulse;
    world.pulse.beat = async (region, targets) => {
      await new Promise<void>((done) => waiting.push(done));
      return write(region, targets);
    };
    const report = beat(EVENT, FLEET, world);
    for (let turn = 0; turn < 50; turn += 1) await afterPendingWork();
    expect(waiting).toHaveLength(2);
    for (const go of waiting) go();
    expect(await report).toEqual({ beats: 4, failures: {} });
  });

  it("says which database it did not find and beats for the others", async () => {
    const { beaten, world } = heart("eu-central-2", { described: ["cedar-db"] });
    const { failures } = await beat(EVENT, FLEET, world);
    expect(failures).toEqual({ acme: "acme-db is not in eu-central-2" });
    expect(beaten[0]).toEqual(["cedar-db"]);
  });

  it("reports what fails and goes on with the next beat", async () => {
    const { world } = heart("eu-central-2");
    let calls = 0;
    const pulse = {
      ...world.pulse,
      beat: async (region: string, targets: readonly SqlTarget[]) => {
        calls += 1;
        if (calls === 1) throw new SlaError("CloudThrottled", "cloud", "busy");
        return world.pulse.beat(region, targets);
      },
    };
    const report = await beat(EVENT, FLEET, { ...world, pulse });
    expect(report).toEqual({ beats: 6, failures: { s00: "CloudThrottled: busy" } });
  });
});
