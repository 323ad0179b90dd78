import type { IncidentRecord } from "../../../functions/watch/contract.ts";
import type { Fleet, Instance } from "../../../lib/sla/fleet.ts";
import type { InstanceState } from "../../../lib/sla/incident-state.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

export const NOW = "2026-11-22T10:07:30.000Z";
export const SINCE = "2026-06-01T00:00:00.000Z";
export const HOME = "eu-central-2";
export const STANDBY = "eu-central-1";
export const CONTROL = "eu-west-1";

/** acme, birch and dale in Zurich; nobody but birch is public, under a name that is not its id. */
export const INSTANCES = [
  instance("acme"),
  instance("birch", { status: { name: "Birch shop", public: true } }),
  instance("dale", { customers: ["auth0|dale", "auth0|both"] }),
  instance("elm", { customers: ["auth0|both"], home: STANDBY, standby: HOME }),
];

/** A fleet whose ledgers say that all is well and was looked at a moment ago. */
export class Estate {
  readonly fleet: Fleet;
  readonly memory = new MemoryLedgers();

  constructor(instances: readonly Instance[] = INSTANCES) {
    const fleet = fleetOf([...instances]);
    const sold = Object.entries(fleet.plans).map(([name, plan]) => [
      name,
      { ...plan, backups: {} },
    ]);
    this.fleet = { ...fleet, status: {}, plans: Object.fromEntries(sold) };
    for (const site of Object.keys(this.fleet.sites)) {
      for (const each of instances) {
        this.memory.at(site).put(`roles/${each.id}.json`, firstRoles(this.fleet, each, SINCE));
      }
    }
    this.sees(Object.fromEntries(instances.map(({ id }) => [id, good()])));
  }

  /** What the watch of a site remembers. */
  sees(states: Readonly<Record<string, InstanceState>>, site = STANDBY): void {
    const entries = Object.entries(states).map(([id, incident]) => [id, { epoch: 1, incident }]);
    const instances = Object.fromEntries(entries);
    this.memory.at(site).put("shards/s00.json", { shard: "s00", site, instances });
  }

  incident(record: IncidentRecord, sites: readonly string[] = [STANDBY, CONTROL]): void {
    for (const site of sites) {
      this.memory.at(site).put(`incidents/${record.instance}/${record.incident}.json`, record);
    }
  }

  shelf(region: string, instances: object, troubles: readonly object[] = []): void {
    this.memory.at(region).put(`shelves/${region}.json`, { at: NOW, instances, troubles });
  }
}

const LAST = "2026-11-22T10:07:15.000Z";
export const good = (): InstanceState => ({ kind: "healthy", lastSlot: LAST, lastGoodAt: LAST });

export const down = (firstBadAt: string): InstanceState => ({
  ...{ kind: "down", lastSlot: LAST, firstBadAt, incident: idOf(firstBadAt) },
  ...{ goodRounds: 0, told: [] },
});

const idOf = (firstBadAt: string) => firstBadAt.replaceAll(/\D/g, "").slice(0, 17);

export const incident = (id: string, firstBadAt: string, firstGoodAt?: string): IncidentRecord => ({
  ...{ instance: id, incident: idOf(firstBadAt), firstBadAt, openedAt: firstBadAt },
  ...(firstGoodAt !== undefined && { closedAt: firstGoodAt, firstGoodAt }),
});
