import { imagePlanOf } from "./backups/images.ts";
import type { Finding, Sold } from "./check.ts";
import type { Instance } from "./fleet.ts";

/** Whether somebody says of which machine versions of the complete instance are kept; a line where they are sold. */
export function versionPromises({ instance, plan: { backups } }: Sold): readonly Finding[] {
  const count = backups?.instanceVersions;
  const plan = imagePlanOf(backups);
  if (count === undefined || !plan) return [];
  const every = plan.schedules.find(({ keepNewest }) => keepNewest === count)?.every;
  const line = {
    ...({ promise: "instance versions", covers: "application" } as const),
    ...{ promised: `${count} versions`, achievable: `${count}, one every ${every}` },
  };
  const home = machineOf(instance, instance.home);
  if (home !== undefined) return [{ ...line, ...home }];
  const { standby } = instance;
  const away = standby === undefined ? undefined : machineOf(instance, standby);
  if (away === undefined) return [{ ...line, status: "kept" }];
  const restsOn = `its primary is at home: in ${standby} the fleet names no machine to take any of`;
  return [{ ...line, ...away, status: "conditional", restsOn }];
}

/** What is missing where nobody says which machine it is there. */
export function machineOf(
  { machines = {} }: Instance,
  region: string,
): Pick<Finding, "status" | "change" | "where"> | undefined {
  if (machines[region] !== undefined) return undefined;
  const change = `images are taken of the machine that the fleet names: add ${region} to machines: of the instance`;
  return { status: "not-yet-covered", change, where: { of: "instance", path: ["machines"] } };
}
