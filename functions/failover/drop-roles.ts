import { unprotectedRoles } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import type { ReprotectBegun } from "./reprotect-case.ts";
import { OVERTAKEN } from "./reprotect-contract.ts";
import { spread } from "./roles.ts";
import { rolesNow } from "./roles-now.ts";
import type { Taken } from "./step.ts";
import { instanceOf, type RecordWorld } from "./world.ts";

/**
 * The next epoch, in which nobody stands by: from here on no failover promotes what is about to be deleted. All that
 * follows is done under this epoch.
 */
export async function dropRoles(
  world: RecordWorld,
  current: ReprotectBegun,
): Promise<Taken<ReprotectBegun>> {
  const { dropping, request, execution } = current;
  if (!dropping) return { next: current, detail: "the roles stay" };
  const now = await rolesNow(world, instanceOf(world, request.instance));
  if (now.epoch !== request.epoch && now.by !== execution) {
    const message = `${request.instance}: epoch ${now.epoch} since ${now.since} by ${now.by}`;
    throw new SlaError(OVERTAKEN, "operator", message);
  }
  const since = world.clock.now().toISOString();
  const proposed = unprotectedRoles(dropping.before, world.fleet.control, since, execution);
  const isOurs = ({ by }: typeof proposed) => by === execution;
  const { settled, owed } = await spread(world, { proposed, isOurs, ...request, execution });
  const debts = owed.length > 0 ? `; debt: ${owed.join(", ")} to be told` : "";
  return {
    next: {
      ...current,
      request: { ...request, epoch: settled.epoch },
      dropping: { ...dropping, roles: settled },
    },
    detail: `epoch ${settled.epoch}: nobody stands by, owner ${settled.owner}${debts}`,
  };
}
