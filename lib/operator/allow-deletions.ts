import { keys } from "../../functions/ledger/contract.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import type { Leave } from "../../functions/reconcile/leave.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";

/** A pass comes every quarter of an hour; whoever wants it tomorrow says so again. */
const LASTS_MS = 24 * 3_600_000;
const MOST = 1000;

/** Throws UserError that says what is allowed. */
export function parseDeletions(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw new UserError(
    `--allow-deletions: '${text}': expected how many backups may go at once in a place, 1 to ${MOST}`,
  );
}

/** Tells every site; returns those that could not be told. */
export async function allowDeletions(
  { ledgers, fleet, clock }: Access,
  instance: string,
  deletions: number,
  reason: string,
): Promise<{ readonly until: string; readonly untold: readonly string[] }> {
  const until = new Date(clock.now().getTime() + LASTS_MS).toISOString();
  const leave: Leave = { instance, deletions, reason, until };
  const sites = Object.keys(fleet.sites);
  const told = await Promise.allSettled(
    sites.map((site) => rewrite<Leave>(ledgers(site), keys.prune(instance), () => leave)),
  );
  return { until, untold: sites.filter((_, index) => told[index]?.status === "rejected") };
}
