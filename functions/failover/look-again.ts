import { isToBeLookedAt } from "./claim.ts";
import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellFence } from "./debt-telling.ts";
import { withDivergence } from "./divergence.ts";
import { hasOnly } from "./fence-groups.ts";
import { paidWords } from "./fence-words.ts";
import { type Isolation, isolate, type OldPrimary } from "./isolate.ts";
import type { DatabaseState } from "./ports.ts";
import { rebootedOnce } from "./reboot-once.ts";
import type { DebtWorld } from "./world.ts";

type Fenced = Omit<OldPrimary, "answered">;

/**
 * A fence is as good as who may change security groups: a person may have taken it off. Sessions that could not be
 * ended, because nothing answered, end as soon as something does; only then its rows are looked for.
 */
export async function lookAgain(
  world: DebtWorld,
  debt: FenceDebt,
  old: Fenced,
  state: DatabaseState | undefined,
): Promise<DebtOutcome> {
  if (state && !hasOnly(state, old.quarantine)) return await owedAgain(world, debt, state);
  if (debt.unsevered) return await severedLate(world, debt, old, state);
  const lookedAt = world.clock.now().toISOString();
  const ours = await amend(world, debt, (known) =>
    isDue(world, known) ? { ...known, lookedAt } : undefined,
  );
  if (ours?.unsearched && ours.unsearched !== "for good")
    return await searchAgain(world, ours, old, state);
  return outcomeOf(debt, "still paid", state ? "quarantined" : "the database is gone");
}

const isDue = ({ clock }: DebtWorld, known: FenceDebt) =>
  isToBeLookedAt(known, { now: clock.now(), paced: (seconds) => clock.paced(seconds) });

async function severedLate(
  world: DebtWorld,
  debt: FenceDebt,
  old: Fenced,
  state: DatabaseState | undefined,
): Promise<DebtOutcome> {
  const isolation = await isolatedAgain(world, debt, old, state);
  if ("because" in isolation) return outcomeOf(debt, "failed", isolation.because);
  const found = paidWords(isolation);
  if (isSilent(isolation)) return outcomeOf(debt, "still paid", found);
  const lookedAt = world.clock.now().toISOString();
  const severed = await amend(world, debt, ({ unsevered, ...known }) =>
    unsevered && known.state === "paid"
      ? { ...known, found, lookedAt, unsearched: true, mail: { by: world.region } }
      : undefined,
  );
  if (!severed) return outcomeOf(debt, "paid elsewhere", found);
  await tellFence(world, severed);
  return outcomeOf(debt, "paid", found);
}

/** What could not be looked for when the fence was paid; people hear of it once it is known. */
async function searchAgain(
  world: DebtWorld,
  debt: FenceDebt,
  old: Fenced,
  state: DatabaseState | undefined,
): Promise<DebtOutcome> {
  // Debts of before do not say whether sessions were ended; ending none costs nothing.
  const isolation = await isolatedAgain(world, debt, old, state);
  if ("because" in isolation) return outcomeOf(debt, "failed", isolation.because);
  const outcome = outcomeOf(debt, "still paid", paidWords(isolation));
  if (isSilent(isolation)) return outcome;
  const found = await withDivergence(world, debt);
  const isNews = found.unsearched !== true && !isSameSearch(found, debt);
  if (!isNews) return outcome;
  const untold = await amend(world, found, (known) => ({ ...known, mail: { by: world.region } }));
  if (untold) await tellFence(world, untold);
  return outcome;
}

/** No row more than before, and still not all of it could be read. */
const isSameSearch = (one: FenceDebt, other: FenceDebt) =>
  one.unsearched === other.unsearched && one.divergentRows === other.divergentRows;

async function isolatedAgain(
  world: DebtWorld,
  debt: FenceDebt,
  old: Fenced,
  state: DatabaseState | undefined,
): Promise<Isolation> {
  if (!state) return { kind: "gone" };
  return isolate({ ...world, fence: rebootedOnce(world, debt) }, { ...old, answered: false });
}

const isSilent = (isolation: Isolation) =>
  isolation.kind === "quarantined" && isolation.unsevered === true;

async function owedAgain(
  world: DebtWorld,
  debt: FenceDebt,
  { groups }: DatabaseState,
): Promise<DebtOutcome> {
  const because = `its groups are ${groups.map(({ id }) => id).join(", ")}`;
  const owed = await amend(world, debt, (known) => {
    const {
      groups: _before,
      divergent: _found,
      divergentRows: _rows,
      unread: _unread,
      changedAtMost: _changed,
      unsearched: _not,
      unsevered: _open,
      ...rest
    } = known;
    const mail = { by: world.region };
    return isDue(world, known) ? { ...rest, state: "owed", because, mail } : undefined;
  });
  if (owed) await tellFence(world, owed);
  return outcomeOf(debt, "owed again", because);
}
