import type { Gated } from "./case.ts";
import { owe } from "./debt.ts";
import type { Restored } from "./recover-case.ts";
import type { RecordWorld } from "./world.ts";

/**
 * A standby of what was replaced follows nobody any more who serves: whoever reads there reads the past, and whoever promotes it
 * makes a second primary. It is fenced like one.
 */
export async function oweAbandoned(
  { ledgers, region, fleet }: RecordWorld,
  { request, execution, id, before, restored }: Gated & { readonly restored: Restored },
  since: string,
): Promise<void> {
  const { standby } = restored.roles;
  if (!standby) return;
  const places = new Set([region, standby.region, fleet.control]);
  await owe([...places].map(ledgers), {
    ...{ kind: `fence-${standby.database}`, state: "owed", instance: request.instance },
    ...{ incident: request.incident, region: standby.region, database: standby.database },
    because: "it stood by for what was replaced by a restore",
    ...{ since, execution, failover: id, epoch: before.epoch },
  });
}
