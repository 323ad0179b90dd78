import { keys } from "../ledger/contract.ts";
import type { Divergence } from "../sql/contract.ts";
import type { FenceDebt } from "./debt.ts";
import { amend, holdersOf } from "./debt-copies.ts";
import { noteInIncident } from "./incident-note.ts";
import { sqlTarget } from "./targets.ts";
import { type DebtWorld, instanceOf } from "./world.ts";
import { rewrite } from "./written.ts";

/**
 * Looks, once the old primary is fenced, for rows it took that its successor never had; keeps them in this
 * site's ledger and says in the debt how many. What cannot be looked for is said as well.
 */
export async function withDivergence(world: DebtWorld, debt: FenceDebt): Promise<FenceDebt> {
  if (debt.divergent !== undefined) return debt;
  const divergent = await lookedFor(world, debt).catch(
    (cause: Error) => `could not be looked for: ${cause.message}`,
  );
  await settle(world, debt, divergent);
  const known = await amend(world, debt, (newest) =>
    newest.divergent === undefined ? { ...newest, divergent } : undefined,
  ).catch(() => undefined);
  return known ?? { ...debt, divergent };
}

async function lookedFor(world: DebtWorld, debt: FenceDebt): Promise<string> {
  const { region, database, horizon } = debt;
  if (horizon === undefined) return "could not be looked for: the standby did not answer before";
  const state = await world.registry.describe({ region, database });
  const target = state && sqlTarget(instanceOf(world, debt.instance), state);
  if (!target) return "could not be looked for: the database is gone";
  const request = { operation: "diverge", targets: [target], horizon } as const;
  const result = await world.sql.ask<Divergence>(region, request);
  if (!result.ok) return `could not be looked for: ${result.failure.message}`;
  const key = keyOf(debt);
  const { tables } = result.value;
  if (tables.length > 0) {
    const at = world.clock.now().toISOString();
    const found = { at, ...debt, ...result.value };
    await rewrite(world.ledgers(world.region), key, () => found);
  }
  return words(result.value, `${key} in the ledger of ${world.region}`);
}

/** From here on the old primary takes nothing: what the failover lost is known for good. */
async function settle(world: DebtWorld, debt: FenceDebt, divergent: string): Promise<void> {
  const at = debt.paidAt ?? world.clock.now().toISOString();
  const note = { id: idOf(debt), outcome: "settled", at, epoch: debt.epoch, divergent } as const;
  await noteInIncident(world, debt, note, holdersOf(world, debt));
}

const keyOf = (debt: FenceDebt) => `${keys.failover(debt.instance, idOf(debt), "divergent")}.gz`;

const idOf = ({ execution }: FenceDebt) => execution.slice(execution.lastIndexOf(":") + 1);

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
