import { releaseLock, takeLock } from "../../functions/failover/lock.ts";
import { spread } from "../../functions/failover/roles.ts";
import { keys, type Left } from "../../functions/ledger/contract.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import { UserError } from "../cli/user-error.ts";
import { leftRoles, type Roles, stayingRoles } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import type { LeavePlan } from "./leave-plan.ts";
import { rolesOf } from "./roles-of.ts";

interface Words {
  readonly reason: string;
  readonly export?: string;
}

/**
 * From the next look on nobody looks after it: the next epoch says so, which no step of a failover survives. Answers the sites that could
 * not be told, and are owed it.
 */
export async function leave(
  access: Access,
  plan: LeavePlan,
  { reason, export: dumped }: Words,
): Promise<readonly string[]> {
  const at = access.clock.now().toISOString();
  const { id } = plan.instance;
  const left: Left = {
    ...{ instance: id, at, by: access.caller, reason },
    ...(dumped !== undefined && { export: dumped }),
  };
  await note(access, id, () => left);
  return settled(access, plan, (roles, by) => leftRoles(roles, at, by));
}

/** It is looked after again. */
export async function stay(
  access: Access,
  plan: LeavePlan,
  { reason }: Words,
): Promise<readonly string[]> {
  const at = access.clock.now().toISOString();
  const undone = { at, by: access.caller, reason };
  await note(access, plan.instance.id, (left) => left && { ...left, undone });
  return settled(access, plan, (roles, by) => stayingRoles(roles, at, by));
}

async function note(
  { fleet, ledgers }: Access,
  id: string,
  next: (left: Left | undefined) => Left | undefined,
): Promise<void> {
  const sites = Object.keys(fleet.sites);
  await Promise.all(sites.map((site) => rewrite<Left>(ledgers(site), keys.left(id), next)));
}

/** Under the lock of failovers, in the ledger of the owner, where every newer decision would be first. */
async function settled(
  access: Access,
  { instance: { id }, roles }: LeavePlan,
  next: (roles: Roles, by: string) => Roles,
): Promise<readonly string[]> {
  const { clock, ledgers, fleet, executions } = access;
  const region = roles.owner;
  const ledger = ledgers(region);
  const digits = clock.now().toISOString().replaceAll(/\D/g, "");
  // Named like an execution: whoever finds the lock held asks whether it still runs, and hears that it does not.
  const by = `arn:aws:states:${region}:${fleet.provider.account}:execution:sla-leave:${id}-${digits}`;
  await takeLock({ ledger, clock, executions }, id, by);
  try {
    const now = await rolesOf(access, id);
    if (now.epoch !== roles.epoch) {
      throw new UserError(
        `${id}: ${now.by} gave it new roles meanwhile; look again: sla status`,
        1,
      );
    }
    const proposed = next(roles, by);
    const isOurs = (found: Roles) => found.by === by;
    const here = { fleet, ledgers, clock, region };
    return (await spread(here, { proposed, isOurs, incident: digits, execution: by })).owed;
  } finally {
    await releaseLock(ledger, id, by, clock.now());
  }
}
