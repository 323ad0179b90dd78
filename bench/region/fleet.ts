import { readFleet } from "../../lib/fleet/parse.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";

/** So many copies of the example's second instance: same region, same cell, same zone. */
export function fleetOfCopies(file: string, count: number): Fleet {
  const fleet = readFleet(file);
  const model = fleet.instances.find(({ dns, standby }) => standby && dns.stop === "cell");
  if (!model) throw new Error(`${file} has no instance with a standby and stop: cell`);
  return { ...fleet, instances: Array.from({ length: count }, (_, index) => copyOf(model, index)) };
}

function copyOf(model: Instance, index: number): Instance {
  const id = `i${String(index).padStart(3, "0")}`;
  return {
    ...model,
    id,
    database: { ...model.database, primary: `${id}-db`, standby: `${id}-db-standby` },
    app: { home: `${id}-2.elb.example`, standby: `${id}-1.elb.example` },
    dns: { ...model.dns, names: { database: `db.${id}.example.ch`, app: `${id}.example.ch` } },
  };
}
