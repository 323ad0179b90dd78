import { releaseLock, takeLock } from "../../functions/failover/lock.ts";
import { spread } from "../../functions/failover/roles.ts";
import { keys, type Left } from "../../functions/ledger/contract.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import type { IncidentRecord } from "../../functions/watch/contract.ts";
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
  const undone = { at, by: access.caller, reason: "it did not come to pass" };
  const untold = await settled(access, plan, {
    next: (roles, by) => leftRoles(roles, at, by),
    note: () => left,
    unnote: (found) => found && { ...found, undone },
  });
  if (plan.incident !== undefined) await ended(access, id, plan.incident, at);
  return untold;
}

/** No watch looks any more: its record ends where the instance left. */
async function ended({ fleet, ledgers }: Access, id: string, incident: string, at: string) {
  const key = keys.incident(id, incident);
  await Promise.allSettled(
    Object.keys(fleet.sites).map((site) =>
      rewrite<IncidentRecord>(ledgers(site), key, (found) =>
        found && found.closedAt === undefined ? { ...found, closedAt: at } : undefined,
      ),
    ),
  );
}

/** It is looked after again. */
export async function stay(
  access: Access,
  plan: LeavePlan,
  { reason }: Words,
): Promise<readonly string[]> {
  const at = access.clock.now().toISOString();
  const undone = { at, by: access.caller, reason };
  return settled(access, plan, {
    next: (roles, by) => stayingRoles(roles, at, by),
    note: (left) => left && { ...left, undone },
    unnote: (left) => left && without(left),
  });
}

const without = ({ undone: _, ...left }: Left): Left => left;

async function note({ fleet, ledgers }: Access, id: string, next: Noting): Promise<void> {
  const sites = Object.keys(fleet.sites);
  await Promise.all(sites.map((site) => rewrite<Left>(ledgers(site), keys.left(id), next)));
}

type Noting = (left: Left | undefined) => Left | undefined;

interface Change {
  readonly next: (roles: Roles, by: string) => Roles;
  readonly note: Noting;
  /** Takes the note back. */
  readonly unnote: Noting;
}

/** A few writes: a command that was broken off must not keep failovers waiting. */
const LEASE_SECONDS = 60;

/** Under the lock of failovers, in the ledger of the owner, where every newer decision would be first. */
async function settled(
  access: Access,
  { instance: { id }, roles }: LeavePlan,
  { next, note: noted, unnote }: Change,
): Promise<readonly string[]> {
  const { clock, ledgers, fleet, executions } = access;
  const region = roles.owner;
  const ledger = ledgers(region);
  const digits = clock.now().toISOString().replaceAll(/\D/g, "");
  // Named like an execution: whoever finds the lock held asks whether it still runs, and hears that it does not.
  const by = `arn:aws:states:${region}:${fleet.provider.account}:execution:sla-leave:${id}-${digits}`;
  await takeLock({ ledger, clock, executions }, id, by, undefined, LEASE_SECONDS);
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
    try {
      await note(access, id, noted);
      return (await spread(here, { proposed, isOurs, incident: digits, execution: by })).owed;
    } catch (cause) {
      // The note says what the roles do not: customers would be refused, and nobody could take it back.
      await note(access, id, unnote).catch(() => undefined);
      throw cause;
    }
  } finally {
    await releaseLock(ledger, id, by, clock.now());
  }
}
