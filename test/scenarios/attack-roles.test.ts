import { describe, expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import { newestRoles } from "../../functions/ledger/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { FakeDatabase } from "../fakes/failover-databases.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

/**
 * acme stood by at another site when its first roles were written. Since then fleet.yaml was changed, and the
 * site that it names now got first roles of its own, of the same epoch.
 */
function changedFleet(): World {
  const world = new World();
  const elsewhere: Partial<Roles> = {
    standby: { region: CONTROL, database: "acme-db-3" },
    owner: CONTROL,
    since: "2026-11-01T00:00:00.000Z",
  };
  for (const region of [HOME, CONTROL]) {
    world.ledgers.at(region).put(keys.roles("acme"), { ...world.roles, ...elsewhere });
  }
  const source = `arn:aws:rds:${HOME}:111111111111:db:acme-db`;
  const third = new FakeDatabase("acme-db-3", source);
  third.beatAt = world.standby.beatAt;
  world.databases.all.set(`${CONTROL}/acme-db-3`, third);
  return world;
}

describe("a standby that was changed in fleet.yaml after the first deployment", () => {
  it("makes no second owner: of one epoch the roles that were written first hold", async () => {
    const world = changedFleet();
    const owners = await Promise.all(
      [HOME, STANDBY, CONTROL].map(async (site) => {
        const roles = newestRoles(world.ledgers.at, site, world.clock);
        await roles.hear([HOME, STANDBY, CONTROL]);
        return (await roles.all()).get("acme")?.owner;
      }),
    );
    expect(owners).toEqual([CONTROL, CONTROL, CONTROL]);
  });

  it("is promoted by nobody while another one stands by", async () => {
    const world = changedFleet();
    await world.failover();
    const promoted = world.databases.changes.filter((each) => each.startsWith("promote"));
    expect(promoted).toEqual(["promote acme-db-3"]);
  });
});
