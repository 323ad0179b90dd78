import { directionOf, flagIdOf } from "../../lib/sla/cells.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import { hasFunctionUrls } from "../../lib/sla/regions.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { newestFirst, stopReference } from "../flag/contract.ts";
import type { StopChecks } from "./ports.ts";

/**
 * The STOP check that the PRIMARY records of an instance carry under these roles: that of its flag (its own or its
 * cell's) in the direction from the primary to the standby, watched in the standby's region. Undefined where PRIMARY
 * has to be without a check: nobody stands by, the standby's region serves no function URLs, or no check was made.
 * For reprotect: it writes PRIMARY, with this or with none, in the same batch as SECONDARY, because the check of the
 * old direction asks a site that no longer owns the instance. Rejects with `CloudUnreachable` like every call of Route 53.
 */
export async function stopCheckFor(
  checks: Pick<StopChecks, "named">,
  instance: Instance,
  roles: Roles,
): Promise<string | undefined> {
  const direction = directionOf(roles);
  if (!direction || !hasFunctionUrls(direction.standby)) return undefined;
  const reference = stopReference(flagIdOf(instance, direction), direction.standby);
  return newestFirst(await checks.named(reference), reference)[0];
}
