import { keys } from "../../functions/ledger/contract.ts";
import type { Roles } from "../sla/roles.ts";
import type { DrillRun } from "./drill.ts";
import { sitesInReach } from "./reach.ts";
import { ledgerOf } from "./witness.ts";

/** The roles of the victim by the highest epoch of any ledger that answers. */
export async function newestRoles({
  stage,
  victim,
}: Pick<DrillRun, "stage" | "victim">): Promise<Roles> {
  const all = await Promise.all(
    sitesInReach(stage).map(
      async (site) => (await ledgerOf(stage, site).read<Roles>(keys.roles(victim.id))) ?? [],
    ),
  );
  const [newest] = all.flat().toSorted((a, b) => b.epoch - a.epoch);
  if (newest) return newest;
  throw new Error(`no ledger knows the roles of ${victim.id}`);
}
