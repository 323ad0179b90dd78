import { inspectFleetFile } from "../fleet/parse.ts";
import { FleetError } from "../fleet/problem.ts";
import type { Place } from "../sla/backups/storage.ts";
import { placesOfInstance, placesOfPlan } from "../sla/backups/storage-places.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { PRESETS } from "../sla/presets.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { instanceIn } from "./instance-in.ts";
import { UserError } from "./user-error.ts";
import { zoneFlag } from "./zone-flag.ts";

/** What a person asked for: a plan by its name, or that of an instance. */
export interface Choice {
  readonly plan: string | undefined;
  readonly fleet?: string | undefined;
  readonly instance: string | undefined;
  readonly timezone: string | undefined;
}

interface Chosen {
  readonly plan: Plan;
  /** IANA name. */
  readonly timezone: string;
  readonly places: readonly Place[];
}

interface Known {
  readonly fleet: Fleet;
  /** Presets and those of the file, also those that nobody was sold yet. */
  readonly plans: Fleet["plans"];
}

/** A preset, or what a fleet says. Throws UserError. */
export function chosenPlan({ plan, fleet, instance, timezone }: Choice): Chosen {
  if (plan !== undefined && instance !== undefined) {
    throw new UserError("--plan and --instance: an instance has its plan; leave one of them away");
  }
  const preset = plan === undefined || fleet !== undefined ? undefined : PRESETS[plan];
  if (preset) {
    return { plan: preset, timezone: zoneFlag(timezone ?? "UTC"), places: placesOfPlan(preset) };
  }
  return inFleet(fleetAt(fleetFileOf(fleet)), { plan, instance, timezone });
}

function inFleet({ fleet, plans }: Known, { plan, instance, timezone }: Choice): Chosen {
  const zone = zoneFlag(timezone ?? fleet.provider.timezone);
  if (plan !== undefined) {
    const sold = plans[plan] ?? unknownPlan(plan, plans);
    const places = placesOfPlan(sold, fleet.frozen?.retainDays);
    return { plan: sold, timezone: zone, places };
  }
  const named = instanceOf(fleet, instance);
  const sold = plans[named.plan] ?? unknownPlan(named.plan, plans);
  return { plan: sold, timezone: zone, places: placesOfInstance(named, sold, fleet) };
}

function instanceOf(fleet: Fleet, asked: string | undefined) {
  if (asked !== undefined) return instanceIn(fleet, asked);
  const known = fleet.instances.map(({ id }) => id).join(", ");
  throw new UserError(`name a --plan, or an --instance: the fleet has ${known}`);
}

function unknownPlan(name: string, plans: Known["plans"]): Plan {
  throw new UserError(`--plan: there is no '${name}'; there are ${Object.keys(plans).join(", ")}`);
}

function fleetAt(path: string): Known {
  try {
    const { fleet, plans, problems } = inspectFleetFile(path);
    if (!fleet) throw new FleetError(path, problems);
    return { fleet, plans };
  } catch (cause) {
    if (cause instanceof FleetError) throw new UserError(cause.message, 2, { cause });
    throw cause;
  }
}
