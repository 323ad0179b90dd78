import {
  isSameSeat,
  movedRoles,
  promotedRoles,
  type Roles,
  recoveredRoles,
} from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { announceRoles } from "../ledger/roles-mark.ts";
import { rewrite } from "../ledger/written.ts";
import type { Gated, Seated } from "./case.ts";
import { owe } from "./debt.ts";
import { halt, isHalt } from "./errors.ts";
import { staysIn } from "./members.ts";
import { isRecovery } from "./recover-case.ts";
import { oweAbandoned } from "./recover-debt.ts";
import type { Taken } from "./step.ts";
import { type Here, instanceOf, type RecordWorld } from "./world.ts";

/** The next epoch, first in this site's ledger, then wherever else the instance is known. */
export async function roles(world: RecordWorld, gated: Gated): Promise<Taken<Seated>> {
  const { execution, request } = gated;
  const since = world.clock.now().toISOString();
  const proposed = rolesAfter(world, gated, since);
  const isOurs = isOursIn(gated, proposed);
  const { incident } = request;
  const { settled, owed } = await spread(world, { proposed, isOurs, incident, execution });
  if (isRecovery(gated)) await oweAbandoned(world, gated, since);
  const debts = owed.length > 0 ? `; debt: ${owed.join(", ")} to be told` : "";
  return {
    next: { ...gated, roles: settled, owed },
    detail: `epoch ${settled.epoch}: primary in ${settled.primary.region}, owner ${settled.owner}${debts}`,
  };
}

function rolesAfter(world: Here, gated: Gated, since: string): Roles {
  const { before, execution, request } = gated;
  const { control } = world.fleet;
  if (staysIn(before)) return movedRoles(before, since, execution);
  if (!isRecovery(gated)) return promotedRoles(before, control, since, execution);
  return recoveredRoles(gated.restored.roles, before.standby, control, since, {
    by: execution,
    ...(request.recovery?.at !== undefined && { rewoundTo: request.recovery.at }),
  });
}

/** Where the seat stays, whoever else raised the epoch would name it too: a customer who leaves. */
const isOursIn =
  ({ before }: Gated, proposed: Roles) =>
  ({ primary, promotedAt }: Roles) =>
    isSameSeat(primary, proposed.primary) && (!staysIn(before) || promotedAt !== before.promotedAt);

interface Tidings {
  readonly proposed: Roles;
  /** Whether roles of this epoch that a ledger holds already are what we propose. */
  readonly isOurs: (found: Roles) => boolean;
  readonly incident: string;
  readonly execution: string;
}

/** Tells this site's ledger, then the others of the instance; one that cannot be reached is owed. */
export async function spread(
  here: Here,
  tidings: Tidings,
): Promise<{ readonly settled: Roles; readonly owed: readonly string[] }> {
  const settled = await tell(here, here.region, tidings);
  const { home, standby } = instanceOf(here, settled.instance);
  const others = new Set([home, standby ?? home, here.fleet.control]);
  others.delete(here.region);
  const owed = await Promise.all(
    [...others].map((region) => tellOrOwe(here, region, { ...tidings, proposed: settled })),
  );
  return { settled, owed: owed.flat() };
}

/** Answers what the ledger holds afterwards: these roles, as they were written first. */
async function tell(
  { ledgers, clock }: Here,
  region: string,
  { proposed, isOurs }: Tidings,
): Promise<Roles> {
  await announceRoles(ledgers(region), clock);
  const there = await rewrite<Roles>(ledgers(region), keys.roles(proposed.instance), (found) => {
    if (found && found.epoch >= proposed.epoch) return undefined;
    return proposed;
  });
  if (there && there.epoch === proposed.epoch && isOurs(there)) return there;
  return halt(
    "HaltEpoch",
    `${proposed.instance}: ${region} holds epoch ${there?.epoch} by ${there?.by}, ours would be ${proposed.epoch}`,
  );
}

async function tellOrOwe(here: Here, region: string, tidings: Tidings) {
  try {
    await tell(here, region, tidings);
    return [];
  } catch (cause) {
    // Promoted is promoted: no ledger elsewhere keeps names at a dead primary.
    if (isHalt(cause)) throw cause;
    const { proposed, incident, execution } = tidings;
    await owe([here.ledgers(here.region)], {
      state: "owed",
      kind: `roles-${region}`,
      instance: proposed.instance,
      incident,
      region,
      because: (cause as Error).message,
      since: proposed.since,
      execution,
      epoch: proposed.epoch,
    });
    return [region];
  }
}
