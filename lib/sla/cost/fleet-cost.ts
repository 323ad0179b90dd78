import type { Fleet } from "../fleet.ts";
import { type Alternative, alternatives } from "./alternatives.ts";
import { controlCost } from "./control.ts";
import { backupsOf, type Databases, dataCost } from "./data.ts";
import { imageCost, imagesOf } from "./images.ts";
import { type CostLine, sumOf, together } from "./line.ts";

/** US dollars of a month. */
export interface FleetCost {
  readonly control: readonly CostLine[];
  readonly controlDollars: number;
  readonly data: readonly CostLine[];
  readonly dataDollars: number;
  readonly dollars: number;
  readonly instances: readonly InstanceCost[];
  readonly alternatives: readonly Alternative[];
}

interface InstanceCost {
  readonly id: string;
  readonly plan: string;
  /** Its share of what all have together. */
  readonly controlDollars: number;
  readonly dataDollars: number;
  readonly data: readonly CostLine[];
}

/** What is counted in GB and dollars an hour. */
export interface Sizes extends Databases {
  /** All disks of a machine of which images are kept. */
  readonly machineGb: number;
}

/** What a fleet costs beside its primaries, from nothing but the fleet and the sizes of what it holds: an estimate. */
export function fleetCost(fleet: Fleet, { machineGb, ...databases }: Sizes): FleetCost {
  const livesOf = backupsOf(fleet.provider.timezone);
  const imagesIn = imagesOf(fleet.provider.timezone);
  const control = controlCost(fleet);
  const controlDollars = sumOf(control);
  const share = controlDollars / fleet.instances.length;
  const instances = fleet.instances.map((instance): InstanceCost => {
    const data = [
      ...dataCost(fleet, instance, databases, livesOf),
      ...imageCost(fleet, instance, machineGb, imagesIn),
    ];
    const { id, plan } = instance;
    return { id, plan, controlDollars: share, dataDollars: sumOf(data), data };
  });
  const data = together(instances.flatMap((each) => each.data));
  const dataDollars = sumOf(data);
  return {
    ...{ control, controlDollars, data, dataDollars, dollars: controlDollars + dataDollars },
    ...{ instances, alternatives: alternatives(fleet) },
  };
}
