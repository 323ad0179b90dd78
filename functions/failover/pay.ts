import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { isDue, isUntold } from "./claim.ts";
import { type Debt, type FenceDebt, isFence, type RolesDebt } from "./debt.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellFence } from "./debt-telling.ts";
import { type DebtBook, nameOf } from "./debts-here.ts";
import { isUnreachable } from "./errors.ts";
import { payFence } from "./pay-fence.ts";
import { payRoles } from "./pay-roles.ts";
import { shareOf } from "./round-share.ts";
import type { DebtWorld } from "./world.ts";

type Payable = FenceDebt | RolesDebt;

/** RDS throttles changes of an account long before a function is busy with them. */
const LANES = 8;

/**
 * One round of one site: all debts it knows of that are due. Never rejects for one of them. What cannot be
 * paid yet is due again with the next round.
 */
export async function payDebts(world: DebtWorld, book: DebtBook): Promise<readonly DebtOutcome[]> {
  const own = await book.own();
  const known = new Set(own.map(nameOf));
  const [ours, others] = await Promise.all([
    pay(world, own),
    // A lost site takes its whole time-out to say nothing: what is known here does not wait for that.
    book.heard(Object.keys(world.fleet.sites)).then((heard) =>
      pay(
        world,
        heard.filter((debt) => !known.has(nameOf(debt))),
      ),
    ),
  ]);
  return [...ours, ...others];
}

async function pay(world: DebtWorld, debts: readonly Debt[]): Promise<readonly DebtOutcome[]> {
  const { clock, fleet, region } = world;
  const instant = { now: clock.now(), paced: (seconds: number) => clock.paced(seconds) };
  const deployed = new Set(fleet.instances.map(({ id }) => id));
  const due = debts
    .filter(isPayable)
    .filter((debt) => deployed.has(debt.instance) && isDue(debt, region, instant));
  const share = shareOf(due, Object.keys(fleet.sites).indexOf(region), instant);
  const regions = [...Map.groupBy(share, (debt) => debt.region).values()];
  return (await Promise.all(regions.map((each) => payInRegion(world, each)))).flat();
}

/** As soon as one finds the region silent, the others do not wait for it as well. */
function payInRegion(world: DebtWorld, debts: readonly Payable[]): Promise<readonly DebtOutcome[]> {
  let silence: string | undefined;
  return inLanes(LANES, debts, async (debt) => {
    if (silence !== undefined) return outcomeOf(debt, "unreachable", silence);
    try {
      return await payOne(world, debt);
    } catch (cause) {
      const { message } = cause as Error;
      if (!isUnreachable(cause)) return outcomeOf(debt, "failed", message);
      silence = message;
      return outcomeOf(debt, "unreachable", message);
    }
  });
}

async function payOne(world: DebtWorld, debt: Payable): Promise<DebtOutcome> {
  if (!isFence(debt)) return payRoles(world, debt);
  if (!isUntold(debt, world.region)) return payFence(world, debt);
  await tellFence(world, debt);
  return outcomeOf(debt, debt.state === "paid" ? "paid" : "owed again", "told");
}

/** Records are written by who may write them; this function may not. */
const isPayable = (debt: Debt): debt is Payable => debt.kind !== "records";

/** What stays owed although its region answers ends the invocation as failed, after all others: alarms count those. */
export function afterRound(outcomes: readonly DebtOutcome[]): readonly DebtOutcome[] {
  const failed = outcomes.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return outcomes;
  const all = failed.map(({ instance, kind, detail }) => `${instance}/${kind}: ${detail}`);
  throw new SlaError("DebtsLeft", "cloud", all.join("; ").slice(0, 2000));
}
