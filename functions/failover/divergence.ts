import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Divergence } from "../sql/contract.ts";
import type { FenceDebt } from "./debt.ts";
import { amend, holdersOf } from "./debt-copies.ts";
import { nameOf } from "./folder.ts";
import { noteInIncident } from "./incident-note.ts";
import { sqlTarget } from "./targets.ts";
import { type DebtWorld, instanceOf } from "./world.ts";

/**
 * Looks, once the old primary is fenced, for rows it took that its successor never had; keeps them in this
 * site's ledger and says in the debt how many. What cannot be looked for is said as well.
 */
export async function withDivergence(world: DebtWorld, debt: FenceDebt): Promise<FenceDebt> {
  // What it still takes would be missed: first its sessions end.
  if (isSearched(debt) || debt.unsevered) return debt;
  const search = await lookedFor(world, debt).catch((cause: Error) => notYet(cause.message));
  if (!search.unsearched) await settle(world, debt, search.divergent);
  const change = ({ unsearched: _before, ...known }: FenceDebt): FenceDebt => ({
    ...known,
    ...search,
  });
  const known = await amend(world, debt, (newest) =>
    isSearched(newest) ? undefined : change(newest),
  ).catch(() => undefined);
  return known ?? change(debt);
}

const isSearched = ({ divergent, unsearched }: FenceDebt) =>
  divergent !== undefined && unsearched === undefined;

type Search = { readonly divergent: string } & Pick<FenceDebt, "unsearched">;

const never = (why: string): Search => ({ divergent: `could not be looked for: ${why}` });
const notYet = (why: string): Search => ({ ...never(why), unsearched: true });

async function lookedFor(world: DebtWorld, debt: FenceDebt): Promise<Search> {
  const { region, database, horizon } = debt;
  if (horizon === undefined) return never("the standby did not answer before");
  const state = await world.registry.describe({ region, database });
  const target = state && sqlTarget(instanceOf(world, debt.instance), state);
  if (!target) return never("the database is gone");
  const request = { operation: "diverge", targets: [target], horizon } as const;
  const result = await world.sql.ask<Divergence>(region, request);
  if (!result.ok) return notYet(result.failure.message);
  const key = keyOf(debt);
  const { tables } = result.value;
  if (tables.length > 0) {
    const at = world.clock.now().toISOString();
    const found = { at, ...debt, ...result.value };
    await rewrite(world.ledgers(world.region), key, () => found);
  }
  return { divergent: words(result.value, `${key} in the ledger of ${world.region}`) };
}

/** From here on the old primary takes nothing: what the failover lost is known for good. */
async function settle(world: DebtWorld, debt: FenceDebt, divergent: string): Promise<void> {
  const at = debt.paidAt ?? world.clock.now().toISOString();
  const note = { id: idOf(debt), outcome: "settled", at, epoch: debt.epoch, divergent } as const;
  await noteInIncident(world, debt, note, holdersOf(world, debt));
}

const keyOf = (debt: FenceDebt) => `${keys.failover(debt.instance, idOf(debt), "divergent")}.gz`;

const idOf = ({ failover, execution }: FenceDebt) => failover ?? nameOf(execution);

/** Tables that a mail names. */
const NAMED = 5;

function words({ tables, unread }: Divergence, place: string): string {
  const rows = tables.reduce((sum, { count }) => sum + count, 0);
  const named = tables.slice(0, NAMED).map(({ table, count }) => `${table} ${count}`);
  const where = [...named, ...(tables.length > NAMED ? ["…"] : [])].join(", ");
  const found = rows > 0 ? `${rows} (${where}), kept in ${place}` : "none found";
  const [first] = unread;
  return first
    ? `${found}; not looked through: ${unread.length}, ${first.table} because of ${first.because}`
    : found;
}
