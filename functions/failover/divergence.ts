import { globalAt } from "../../lib/sla/clusters.ts";
import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Divergence } from "../sql/contract.ts";
import { changedSince } from "./counted.ts";
import type { FenceDebt } from "./debt.ts";
import { amend, holdersOf } from "./debt-copies.ts";
import { changeWords, rowsIn, rowWords, unreadWords } from "./divergence-words.ts";
import { nameOf } from "./folder.ts";
import { noteInIncident } from "./incident-note.ts";
import { sqlTarget } from "./targets.ts";
import { type DebtWorld, instanceOf } from "./world.ts";

/**
 * Looks, once the old primary is fenced, for rows it took that its successor never had; keeps them in this
 * site's ledger and says in the debt how many. What cannot be looked for is said as well, and is not final.
 */
export async function withDivergence(world: DebtWorld, debt: FenceDebt): Promise<FenceDebt> {
  // What it still takes would be missed: first its sessions end.
  if (isSearched(debt) || debt.unsevered) return debt;
  const now = await lookedFor(world, debt).catch((cause: Error) => notYet(cause.message));
  const search = debt.divergentRows === undefined ? now : withBefore(debt, now);
  if (!search.unsearched) await settle(world, { ...debt, ...search });
  const change = ({ unsearched: _before, unread: _unread, ...known }: FenceDebt): FenceDebt => ({
    ...known,
    ...search,
  });
  const known = await amend(world, debt, (newest) =>
    isSearched(newest) ? undefined : change(newest),
  ).catch(() => undefined);
  return known ?? change(debt);
}

/** Nothing more will be known. */
const isSearched = ({ divergent, unsearched }: FenceDebt) =>
  divergent !== undefined && (unsearched === undefined || unsearched === "for good");

/** What was found before stays found, though nobody can look just now, or any more. */
function withBefore({ divergent, unsearched = true, unread }: FenceDebt, now: Search): Search {
  if (now.divergentRows !== undefined || divergent === undefined) return now;
  if (now.unsearched === "for good") return { divergent, unsearched: "for good" };
  return { divergent, unsearched, ...(unread !== undefined && { unread }) };
}

type Search = { readonly divergent: string } & Pick<
  FenceDebt,
  "unsearched" | "unread" | "divergentRows" | "changedAtMost"
>;

const unlooked = (why: string, unsearched: true | "for good"): Search => ({
  divergent: `could not be looked for: ${why}`,
  unsearched,
});
const never = (why: string): Search => unlooked(why, "for good");
const notYet = (why: string): Search => unlooked(why, true);

async function lookedFor(world: DebtWorld, debt: FenceDebt): Promise<Search> {
  const { region, database, horizon } = debt;
  if (globalAt(world.fleet, debt) !== undefined) {
    return never(
      `RDS gives it the data of the new one. What it had is in the snapshot rds:unplanned-global-failover-${database}-…, if RDS could take one and as long as it keeps the cluster's backups: copy it`,
    );
  }
  if (horizon === undefined) {
    const isNumbered = instanceOf(world, debt.instance).database.engine !== "mysql";
    return never(`the standby did not answer before${isNumbered ? "" : ", or gtid_mode was off"}`);
  }
  const state = await world.registry.describe({ region, database });
  if (!state) return never("the database is gone");
  const target = sqlTarget(instanceOf(world, debt.instance), state);
  if (!target) return notYet("it has no endpoint");
  const request = { operation: "diverge", targets: [target], horizon } as const;
  const result = await world.sql.ask<Divergence>(region, request);
  return result.ok ? await kept(world, debt, result.value) : notYet(result.failure.message);
}

/** What was found before, and not a row more, stays where it is. */
async function kept(world: DebtWorld, debt: FenceDebt, found: Divergence): Promise<Search> {
  const divergentRows = rowsIn(found);
  const changedAtMost = changedSince(debt.counted, found.changed);
  const { divergent } = debt;
  const isKnown = divergent !== undefined && debt.divergentRows === divergentRows;
  const key = keyOf(debt);
  if (divergentRows > 0 && !isKnown) {
    const at = world.clock.now().toISOString();
    const all = { at, ...debt, ...(changedAtMost && { changedAtMost }), ...found };
    await rewrite(world.ledgers(world.region), key, () => all);
  }
  return {
    divergent: isKnown ? divergent : rowWords(found, `${key} in the ledger of ${world.region}`),
    divergentRows,
    ...(changedAtMost && { changedAtMost }),
    ...(found.unread.length > 0 && { unsearched: "in part", unread: unreadWords(found) }),
  };
}

/** From here on the old primary takes nothing: what the failover lost is known for good. */
async function settle(world: DebtWorld, debt: FenceDebt): Promise<void> {
  const divergent = `${debt.divergent}; ${changeWords(debt)}`;
  const at = debt.paidAt ?? world.clock.now().toISOString();
  const note = { id: idOf(debt), outcome: "settled", at, epoch: debt.epoch, divergent } as const;
  await noteInIncident(world, debt, note, holdersOf(world, debt));
}

const keyOf = (debt: FenceDebt) => `${keys.failover(debt.instance, idOf(debt), "divergent")}.gz`;

const idOf = ({ failover, execution }: FenceDebt) => failover ?? nameOf(execution);
