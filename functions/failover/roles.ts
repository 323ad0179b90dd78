import { promotedRoles, type Roles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import type { Gated, Seated } from "./case.ts";
import { owe } from "./debt.ts";
import { halt, isHalt } from "./errors.ts";
import type { Taken } from "./step.ts";
import type { RecordWorld } from "./world.ts";
import { rewrite } from "./written.ts";

/** The next epoch, first in this site's ledger, then wherever else the instance is known. */
export async function roles(world: RecordWorld, gated: Gated): Promise<Taken<Seated>> {
  const { before, execution } = gated;
  const { control } = world.fleet;
  const since = world.clock.now().toISOString();
  const proposed = promotedRoles(before, control, since, execution);
  const settled = await tell(world, world.region, proposed);
  const others = [before.primary.region, control].filter((region) => region !== world.region);
  const owed = (
    await Promise.all(
      [...new Set(others)].map((region) => tellOrOwe(world, gated, region, settled)),
    )
  ).flat();
  const debts = owed.length > 0 ? `; debt: ${owed.join(", ")} to be told` : "";
  return {
    next: { ...gated, roles: settled, owed },
    detail: `epoch ${settled.epoch}: primary in ${settled.primary.region}, owner ${settled.owner}${debts}`,
  };
}

/** Answers what the ledger holds afterwards: our roles, as first written by this failover. */
async function tell({ ledgers }: RecordWorld, region: string, mine: Roles): Promise<Roles> {
  const there = await rewrite<Roles>(ledgers(region), keys.roles(mine.instance), (found) => {
    if (found && found.epoch >= mine.epoch) return undefined;
    return mine;
  });
  if (there && there.epoch === mine.epoch && there.primary.database === mine.primary.database) {
    return there;
  }
  return halt(
    "HaltEpoch",
    `${mine.instance}: ${region} holds epoch ${there?.epoch} by ${there?.by}, ours would be ${mine.epoch}`,
  );
}

async function tellOrOwe(world: RecordWorld, gated: Gated, region: string, mine: Roles) {
  try {
    await tell(world, region, mine);
    return [];
  } catch (cause) {
    // Promoted is promoted: no ledger elsewhere keeps names at a dead primary.
    if (isHalt(cause)) throw cause;
    await owe([world.ledgers(world.region)], {
      state: "owed",
      kind: `roles-${region}`,
      instance: mine.instance,
      incident: gated.request.incident,
      region,
      because: (cause as Error).message,
      since: mine.since,
      execution: gated.execution,
      epoch: mine.epoch,
    });
    return [region];
  }
}
