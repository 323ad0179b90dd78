import type { Debt } from "../../functions/failover/debt.ts";
import type { DebtOutcome } from "../../functions/failover/debt-outcome.ts";
import { debtBook } from "../../functions/failover/debts-here.ts";
import { payDebts } from "../../functions/failover/pay.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import { CONTROL, HOME, STANDBY, type World } from "./failover-world.ts";

export const SITES = [HOME, STANDBY, CONTROL] as const;

/** One round of one site, as its schedule starts it each minute. */
export function payFrom(world: World, site: string): Promise<readonly DebtOutcome[]> {
  const { clock, fleet, databases, notices } = world;
  const here = { region: site, fleet, ledgers: world.ledgers.at, clock };
  const messenger = { notify: async (notice: Notice) => void notices.push(notice) };
  const ports = { registry: databases, sql: databases, fence: databases, messenger };
  return payDebts({ ...here, ...ports }, debtBook(world.ledgers.at, site));
}

/** All sites in the same minute. */
export const payFromAll = (world: World) => Promise.all(SITES.map((site) => payFrom(world, site)));

export const debtIn = (world: World, region: string, kind = "fence") =>
  world.ledgers.at(region).peek<Debt>(`debts/acme/${kind}.json`);

/** Mails about debts, in the order in which they were handed over. */
export const debtMails = ({ notices }: World) =>
  notices.filter(({ kind }) => kind.startsWith("fence-debt"));

/** The home region is lost, acme fails over without it. */
export async function lostHome(world: World): Promise<World> {
  loseHome(world);
  const run = await world.failover();
  if (run.status !== "done") throw new Error(`the failover stopped: ${JSON.stringify(run.output)}`);
  return world;
}

export function loseHome(world: World): void {
  world.databases.lost.add(HOME);
  world.ledgers.cutOff(HOME);
}

/** Its network is back, and its database with the clients it had. */
export function homeReturns(world: World): void {
  world.databases.lost.delete(HOME);
  world.ledgers.restore(HOME);
  Object.assign(world.primary, { process: "runs", sessions: 3 });
}
