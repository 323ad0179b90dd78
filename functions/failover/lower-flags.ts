import { inLanes } from "../kernel/lanes.ts";
import type { DebtOutcome } from "./debt-outcome.ts";
import { outcomeOf } from "./debt-outcome.ts";
import type { DebtBook } from "./debts-here.ts";
import { flagOf, lowerFlag } from "./lower-flag.ts";
import { failureOf, noted, type Owing } from "./owing.ts";
import type { RecordsWorld } from "./world.ts";

const LANES = 8;

/** Each flag at most once, for all of whom the records were proven in this round. */
export async function lowerFlags(
  world: RecordsWorld,
  book: Pick<DebtBook, "at">,
  proven: readonly Owing[],
): Promise<readonly DebtOutcome[]> {
  const flags = Map.groupBy(proven, ({ debt }) => {
    const flag = flagOf(debt);
    return flag ? `${flag.site} ${flag.id}` : "none";
  });
  const outcomes = await inLanes(LANES, [...flags.values()], (members) =>
    lowerOne(world, book, members),
  );
  return outcomes.flat();
}

async function lowerOne(
  world: RecordsWorld,
  book: Pick<DebtBook, "at">,
  members: readonly Owing[],
): Promise<readonly DebtOutcome[]> {
  const debts = members.map(({ debt }) => debt);
  const flag = debts[0] && flagOf(debts[0]);
  try {
    const lowering = flag && (await lowerFlag(world, book, flag, debts));
    if (lowering?.kind === "waits") {
      return debts.map((debt) => outcomeOf(debt, "under way", lowering.because));
    }
  } catch (cause) {
    return debts.map((debt) => failureOf(debt, cause));
  }
  const at = world.clock.now().toISOString();
  const words = flag ? `the flag ${flag.id} is lowered` : "no flag stood in for them";
  return inLanes(LANES, debts, (debt) => noted(world, debt, { step: "lowered", at }, words));
}
