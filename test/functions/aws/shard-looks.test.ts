import { expect, it } from "vitest";
import { shardLooks } from "../../../functions/aws/shard-looks.ts";
import type { Ledger } from "../../../functions/ledger/ledger.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

const AT = "2026-11-21T10:00:00.000Z";
const BEATS = {
  primary: { at: "2026-11-21T09:59:59.000Z", sequence: 9 },
  standby: { at: "2026-11-21T09:59:44.000Z", sequence: 8 },
};

it("says what the owner's watch saw under the roles of now, and reads each shard once", async () => {
  const fleet = fleetOf([instance("acme"), instance("birch"), instance("cedar")]);
  const [acme, birch, cedar] = fleet.instances.map((each) => firstRoles(fleet, each, AT));
  if (!acme || !birch || !cedar) throw new Error("three");
  const ledgers = new MemoryLedgers();
  const entry = { incident: { kind: "healthy" }, beats: BEATS };
  await ledgers.at(acme.owner).create("shards/s00.json", {
    ...{ shard: "s00", lastSlot: AT },
    instances: { acme: { ...entry, epoch: 1 }, birch: { ...entry, epoch: 2 } },
  });
  let reads = 0;
  const counting = (region: string): Ledger => {
    const ledger = ledgers.at(region);
    return Object.assign(Object.create(ledger), {
      read: (key: string) => {
        reads += 1;
        return ledger.read(key);
      },
    });
  };
  const look = shardLooks(counting, fleet);
  expect(await look(acme)).toEqual({
    ...{ at: AT, primary: BEATS.primary.at, standby: BEATS.standby.at },
  });
  expect(await look(birch)).toBeUndefined();
  expect(await look(cedar)).toBeUndefined();
  expect(reads).toBe(1);
});
