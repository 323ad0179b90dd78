import { keys } from "../ledger/contract.ts";
import type { Entry, Ledger } from "../ledger/ledger.ts";
import type { Debt } from "./debt.ts";
import { isUnreachable } from "./errors.ts";
import type { Here } from "./world.ts";

/** The ledgers that hold a debt, in the order in which every site asks them: not every region has one. */
export const holdersOf = ({ fleet }: Here, { region, execution }: Debt): readonly string[] =>
  [...new Set([fleet.control, region, siteOf(execution) ?? region])].filter((each) =>
    Object.hasOwn(fleet.sites, each),
  );

/** The region of an execution's ARN. */
export const siteOf = (execution: string): string | undefined => execution.split(":")[3];

/**
 * Changes a debt that several sites may want to change at once. The first ledger that answers decides, the
 * others follow. Answers the changed debt if the change was ours; undefined if `change` leaves it, or if
 * another site was first. Rejects if no ledger answers.
 */
export async function amend<D extends Debt>(
  here: Here,
  debt: D,
  change: (newest: D) => D | undefined,
): Promise<D | undefined> {
  const key = keys.debt(debt.instance, debt.kind);
  const copies = await copiesIn<D>(holdersOf(here, debt).map(here.ledgers), key);
  const newest = copies.flatMap(({ entry }) => entry?.value ?? []).reduce(newer, debt);
  // Another failover owes it anew: that is another debt, looked at with the next round.
  const next = newest.execution === debt.execution ? change(newest) : undefined;
  const [first] = copies;
  if (!next || !first) {
    await follow(copies, key, newest);
    return undefined;
  }
  const revised = { ...next, revision: (newest.revision ?? 0) + 1 };
  if (!(await write(first, key, revised))) return undefined;
  await follow(copies.slice(1), key, revised);
  return revised;
}

interface Copy<D> {
  readonly ledger: Ledger;
  readonly entry: Entry<D> | undefined;
}

/** Those of the ledgers that answer. */
async function copiesIn<D>(ledgers: readonly Ledger[], key: string): Promise<readonly Copy<D>[]> {
  const reads = await Promise.allSettled(ledgers.map((ledger) => ledger.read<D>(key)));
  const copies = reads.flatMap((read, index) => {
    const ledger = ledgers[index];
    if (read.status === "fulfilled" && ledger) return [{ ledger, entry: read.value }];
    if (read.status === "rejected" && !isUnreachable(read.reason)) throw read.reason;
    return [];
  });
  const [lost] = reads;
  if (copies.length === 0 && lost?.status === "rejected") throw lost.reason;
  return copies;
}

/** A later debt, else a later revision, else what somebody has ended. */
export function newer<D extends Debt>(a: D, b: D): D {
  if (a.since !== b.since) return a.since > b.since ? a : b;
  const [ofA, ofB] = [a.revision ?? 0, b.revision ?? 0];
  if (ofA !== ofB) return ofA > ofB ? a : b;
  return a.state === "owed" ? b : a;
}

async function follow<D extends Debt>(copies: readonly Copy<D>[], key: string, newest: D) {
  const behind = copies.filter(
    ({ entry }) => !entry || (newer(entry.value, newest) === newest && differs(entry, newest)),
  );
  const written = await Promise.allSettled(behind.map((copy) => write(copy, key, newest)));
  const failure = written.find((each) => each.status === "rejected" && !isUnreachable(each.reason));
  if (failure?.status === "rejected") throw failure.reason;
}

const differs = <D extends Debt>({ value }: Entry<D>, { since, revision, state }: D) =>
  value.since !== since || value.revision !== revision || value.state !== state;

const write = <D>({ ledger, entry }: Copy<D>, key: string, value: D) =>
  entry ? ledger.replace(key, value, entry.tag) : ledger.create(key, value);
