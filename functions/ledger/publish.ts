import { randomBytes } from "node:crypto";
import { stopFlags } from "../../lib/sla/cells.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { firstRoles } from "../../lib/sla/roles.ts";
import type { Flag } from "../flag/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, type PublishProperties } from "./contract.ts";
import type { Ledger } from "./ledger.ts";
import { announceRoles } from "./roles-mark.ts";
import { refuseUntagged, type TaggedDatabases } from "./untagged.ts";

/** Files of a deployment. aws/s3-asset.ts is the real one. */
export interface Assets {
  read(bucket: string, key: string): Promise<string>;
}

export interface Publication {
  readonly fleetKey: string;
  /** Instances that had no roles in this ledger yet. */
  readonly newcomers: readonly string[];
}

interface Place {
  readonly ledger: Ledger;
  readonly region: string;
  readonly now: Date;
  readonly databases: TaggedDatabases;
}

const LANES = 16;

/**
 * Puts the checked fleet into the ledger of one site, the first roles of those instances that live or are watched
 * there and have none, and a lowered STOP flag for each way that ends there. What exists stays: a deployment after a
 * failover changes nothing.
 */
export async function publish(
  place: Place,
  assets: Assets,
  { assetBucket, assetKey, fleetKey, permissions }: PublishProperties,
): Promise<Publication> {
  const fleet = fleetIn(await assets.read(assetBucket, assetKey), assetKey);
  if (permissions === "tags") await refuseUntagged(place, place.databases, fleet);
  await place.ledger.create(fleetKey, fleet);
  const since = place.now.toISOString();
  const concerned = fleet.instances.filter((instance) => concerns(fleet, instance, place.region));
  const created = await inLanes(LANES, concerned, async (instance) => {
    const first = firstRoles(fleet, instance, since);
    return (await place.ledger.create(keys.roles(instance.id), first)) ? [instance.id] : [];
  });
  const newcomers = created.flat();
  // After them: there may be thousands, and until now nobody has missed them.
  if (newcomers.length > 0) await announceRoles(place.ledger, { now: () => place.now });
  const flags = stopFlags(fleet).filter(({ site }) => site === place.region);
  await inLanes(LANES, flags, ({ id }) =>
    place.ledger.create(keys.flag(id), loweredFlag(id, since)),
  );
  return { fleetKey, newcomers };
}

/** Made before it is needed: a health check has to watch its path while nothing is wrong. */
const loweredFlag = (id: string, since: string): Flag => ({
  id,
  token: randomBytes(32).toString("base64url"),
  state: "lowered",
  since,
  by: "deployment",
});

const concerns = (fleet: Fleet, { home, standby }: Instance, region: string) =>
  [home, standby, fleet.control].includes(region);

function fleetIn(json: string, key: string): Fleet {
  try {
    const fleet = JSON.parse(json) as Fleet;
    if (Array.isArray(fleet.instances)) return fleet;
  } catch {
    // Told below, like JSON that is something else.
  }
  throw new SlaError("FleetMissing", "bug", `asset ${key} holds no checked fleet as JSON`);
}
