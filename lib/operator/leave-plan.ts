import type { Debt } from "../../functions/failover/debt.ts";
import { newer } from "../../functions/failover/debt-copies.ts";
import { prefixes } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import { planOf } from "./consider.ts";
import { type InstanceStatus, instanceStatus } from "./instance-status.ts";
import { readInstanceBooks } from "./site-books.ts";

/** An instance that may leave, or come back. */
export interface LeavePlan {
  readonly instance: Instance;
  readonly roles: Roles;
  /** That of an application which was stopped; nobody would end it. */
  readonly incident?: string;
}

/**
 * What stands in the way of leaving, or of coming back; both want every ledger to answer, because a silent one might know of newer
 * roles. Throws UserError (exit 1).
 */
export async function planLeave(
  access: Access,
  instance: Instance,
  { undo }: { readonly undo: boolean },
): Promise<LeavePlan> {
  const { id } = instance;
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, id));
  const [silent] = asked.unanswered;
  if (silent) {
    const { region, why } = silent;
    throw new UserError(`${id}: the ledger of ${region} might know newer roles: ${why}`, 1);
  }
  const known = { ...asked, now: access.clock.now(), pacer: access.clock };
  const status = instanceStatus(instance, planOf(access, instance), known);
  const { roles } = status;
  if (!roles) throw new UserError(`${id}: no ledger knows its roles; deploy the sites`);
  const obstacle = obstacleTo(status, roles, undo) ?? (await owedBy(access, id));
  if (obstacle !== undefined) throw new UserError(`${id}: ${obstacle}`, 1);
  const { incident } = status;
  return { instance, roles, ...(incident && { incident: incident.id }) };
}

function obstacleTo(status: InstanceStatus, { leftAt }: Roles, undo: boolean): string | undefined {
  const { failover, recovery, reprotect, incident } = status;
  const running = failover ?? recovery ?? reprotect;
  if (running) return `${running.execution} is running; see sla status`;
  if (undo) return leftAt === undefined ? "it has not left: nothing to take back" : undefined;
  if (leftAt !== undefined) return `it left at ${leftAt} already; --undo takes that back`;
  // Whoever leaves stops the application first: that is told as one that has failed, beside a database that lives.
  if (!incident || incident.told.includes("application-down")) return undefined;
  return `its incident ${incident.id} is open, and nobody would end it; see sla status`;
}

/** What a failover has left to do would never be done. */
async function owedBy({ ledgers, fleet }: Access, id: string): Promise<string | undefined> {
  const found = await Promise.all(
    Object.keys(fleet.sites).map(async (site) => {
      const listed = await ledgers(site).list(`${prefixes.debts}${id}/`);
      return Promise.all(
        listed.map(async ({ key }) => (await ledgers(site).read<Debt>(key))?.value),
      );
    }),
  );
  const all = found.flat().filter((debt) => debt !== undefined);
  const newest = [...Map.groupBy(all, ({ kind }) => kind).values()].map((each) =>
    each.reduce(newer),
  );
  const owed = newest.find(({ state }) => state === "owed");
  return owed && `${owed.kind} is owed in ${owed.region}: ${owed.because}; see sla status`;
}
