import type { Debt } from "../../functions/failover/debt.ts";
import type { DebtOutcome } from "../../functions/failover/debt-outcome.ts";
import { debtBook } from "../../functions/failover/debts-here.ts";
import { payRecords } from "../../functions/failover/pay-records.ts";
import type { Flag } from "../../functions/flag/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import { CONTROL, STANDBY, World } from "./failover-world.ts";

/** Sites that hold the debts of a failover to STANDBY. */
export const PAYERS = [STANDBY, CONTROL] as const;

/** The members' flags are laid, and the API of Route 53 is gone from the flip on. */
export function withoutRoute53(
  stop: "own" | "cell" = "own",
  flagged: readonly string[] = ["acme", "birch"],
) {
  const world = new World({ stop });
  for (const id of flagged) world.ledgers.at(STANDBY).put(keys.flag(id), loweredFlag(id));
  world.signpost.apiLost = true;
  world.signpost.isRaised = (name) =>
    flagged.some((id) => name.endsWith(`${id}.example.ch`) && flagIn(world, id) === "raised");
  return world;
}

export const loweredFlag = (id: string): Flag => ({
  id,
  token: "t".repeat(43),
  state: "lowered",
  since: "2026-11-21T09:00:00.000Z",
  by: "deployment",
});

export const flagIn = (world: World, id: string) =>
  world.ledgers.at(STANDBY).peek<Flag>(keys.flag(id))?.state;

export const recordsDebt = (world: World, region: string, id = "acme") =>
  world.ledgers.at(region).peek<Extract<Debt, { kind: "records" }>>(keys.debt(id, "records"));

/** One round of one site, as its schedule starts it each minute; and three sites do. */
export async function rewriteFrom(world: World, site: string): Promise<readonly DebtOutcome[]> {
  const { clock, fleet, databases, signpost, notices } = world;
  const here = { region: site, fleet, ledgers: world.ledgers.at, clock };
  const messenger = { notify: async (notice: Notice) => void notices.push(notice) };
  const ports = { registry: databases, signpost, oracle: signpost, checks: signpost, messenger };
  const outcomes = await payRecords({ ...here, ...ports }, debtBook(world.ledgers.at, site));
  await clock.wait(20);
  return outcomes;
}

/** Rounds of all payers, until nothing is owed any more or so many are over. */
export async function rewriteAll(world: World, rounds = 12): Promise<readonly DebtOutcome[]> {
  const all: DebtOutcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const site of PAYERS) all.push(...(await rewriteFrom(world, site)));
  }
  return all;
}
