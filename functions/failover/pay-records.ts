import { inLanes } from "../kernel/lanes.ts";
import { isUntold } from "./claim.ts";
import type { RecordsDebt } from "./debt.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellRecords } from "./debt-telling.ts";
import type { DebtBook } from "./debts-here.ts";
import { isPassing } from "./errors.ts";
import { isRecords } from "./lower-flag.ts";
import { lowerFlags } from "./lower-flags.ts";
import { failureOf, type Owing, owingOf, tried } from "./owing.ts";
import { type Advanced, advanceZone } from "./rewrite-zone.ts";
import type { RecordsWorld } from "./world.ts";

/** Each reads a ledger or two and describes a database. */
const LANES = 8;

/**
 * One round of one site for all records it knows to be owed: each goes one step further, from where the last round
 * of any site left it. Never rejects for one of them.
 */
export async function payRecords(
  world: RecordsWorld,
  book: DebtBook,
): Promise<readonly DebtOutcome[]> {
  const deployed = new Set(world.fleet.instances.map(({ id }) => id));
  const own = (await book.own()).filter(isRecords).filter(({ instance }) => deployed.has(instance));
  const untold = own.filter((debt) => isUntold(debt, world.region));
  const told = await inLanes(LANES, untold, (debt) => toldOf(world, debt));
  const owed = own.filter(({ state }) => state === "owed");
  const owings = await inLanes(LANES, owed, (debt) => tried(debt, () => owingOf(world, debt)));
  const advanced = await inZones(world, owings.flatMap(pending));
  const lowered = await lowerFlags(world, book, advanced.flatMap(pending));
  return [...told, ...[...owings, ...advanced, ...lowered].flatMap(done)];
}

/** One after the other: the account has five calls a second. A silent API is not asked again in this round. */
async function inZones(world: RecordsWorld, owings: readonly Owing[]): Promise<Advanced[]> {
  const zones = [...Map.groupBy(owings, ({ instance }) => instance.dns.zone)];
  const all: Advanced[] = [];
  let silence: string | undefined;
  for (const [zone, members] of zones) {
    if (silence === undefined) {
      const advanced = await advanceZone(world, zone, members).catch((cause: unknown) => {
        silence = isPassing(cause) ? (cause as Error).message : undefined;
        return members.map(({ debt }) => failureOf(debt, cause));
      });
      all.push(...advanced);
    } else {
      all.push(...members.map(({ debt }) => outcomeOf(debt, "unreachable", silence ?? "")));
    }
  }
  return all;
}

async function toldOf(world: RecordsWorld, debt: RecordsDebt): Promise<DebtOutcome> {
  return tried(debt, async () => {
    await tellRecords(world, debt);
    return outcomeOf(debt, "paid", "told");
  });
}

const done = (each: Owing | DebtOutcome) => ("outcome" in each ? [each] : []);
const pending = (each: Owing | DebtOutcome) => ("outcome" in each ? [] : [each]);
