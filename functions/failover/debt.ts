import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { Changed } from "../sql/contract.ts";

/** Something a failover could not do yet and somebody has to: kept until paid, never silently dropped. */
export type Debt = FenceDebt | RolesDebt | RecordsDebt;

/** The old primary is not fenced. */
export interface FenceDebt extends DebtHistory {
  /** `fence-<database>`: of an older primary, beside the newest one's. */
  readonly kind: "fence" | `fence-${string}`;
  readonly database: string;
  /** Groups it had before anybody paid: who gives it back to clients must know. */
  readonly groups?: readonly string[];
  /** What the standby had seen when it was promoted: everything below this transaction. */
  readonly horizon?: string;
  /** In words: what it holds that the new primary never had. */
  readonly divergent?: string;
  /** How many those rows are; absent in debts of before. */
  readonly divergentRows?: number;
  /** What the database had counted at the last good look before; `at`, ISO 8601. */
  readonly counted?: Changed & { readonly at: string };
  /** Rows deleted and updated since that look, at most. Absent: nobody can say. */
  readonly changedAtMost?: { readonly deleted: number; readonly updated: number };
  /**
   * Why nobody knows yet all that it holds. `true`: it did not answer when it was looked through. `in part`: some tables
   * could not be, see `unread`. `for good`: there is nothing to look through, or to go by, any more.
   */
  readonly unsearched?: true | "in part" | "for good";
  /** In words: which tables could not be looked through, and why. */
  readonly unread?: string;
  /** It is in quarantine and did not answer: sessions that were open go on should it come back. */
  readonly unsevered?: true;
  /** ISO 8601: when it was last rebooted to end sessions. */
  readonly rebootedAt?: string;
}

/** A ledger has not been told the new roles. */
export interface RolesDebt extends DebtHistory {
  readonly kind: `roles-${string}`;
}

/** The records still name the old primary; most likely a STOP flag leads clients over. */
export interface RecordsDebt extends DebtHistory {
  readonly kind: "records";
  /**
   * The flag, and the site in whose ledger it is; `none`: DNS has not been moved at all. Absent in debts of before:
   * the instance's own.
   */
  readonly flag?: FlagPlace | "none";
  /** How far the rewriting has come; absent: nothing is written, or what was written did not stay. */
  readonly progress?: Rewriting;
}

export interface FlagPlace {
  readonly id: string;
  readonly site: string;
}

/** `at`, ISO 8601: when the step was done. */
export type Rewriting =
  | { readonly step: "written"; readonly at: string; readonly change: string }
  | { readonly step: "in-sync"; readonly at: string }
  | { readonly step: "lowered"; readonly at: string };

interface DebtHistory {
  /** `retired`: its database was deleted for good, by a person. */
  readonly state: "owed" | "paid" | "cancelled" | "retired";
  readonly instance: string;
  readonly incident: string;
  /** Region in which it has to be paid. */
  readonly region: string;
  readonly because: string;
  /** ISO 8601. */
  readonly since: string;
  readonly execution: string;
  /** Folder of the failover's notes; absent in debts of before: named after its execution. */
  readonly failover?: string;
  /** Epoch of the roles it belongs to. */
  readonly epoch: number;
  /** Raised with every change: of several copies the highest is the newest. Absent: as it was made. */
  readonly revision?: number;
  /** The newest payment: when, by which site, what was found there. */
  readonly paidAt?: string;
  readonly by?: string;
  readonly found?: string;
  /** ISO 8601: when somebody last saw that it still is paid. */
  readonly lookedAt?: string;
  /** The mail about its state: which site owes it, and when it was handed over. */
  readonly mail?: { readonly by: string; readonly toldAt?: string };
}

/** Puts the debt into every ledger that takes it; one is enough, whoever pays tells the others. None is an error. */
export async function owe(ledgers: readonly Ledger[], debt: Debt): Promise<void> {
  await inAll(ledgers, async (ledger) => {
    await setAside(ledger, debt);
    await rewrite<Debt>(ledger, keys.debt(debt.instance, debt.kind), (known) =>
      known?.state === "owed" && isSame(known, debt) ? undefined : debt,
    );
  });
}

/** Made by the same execution; records for which a flag stands in now are another matter. */
const isSame = (known: Debt, debt: Debt) =>
  known.execution === debt.execution &&
  JSON.stringify("flag" in known ? known.flag : "") ===
    JSON.stringify("flag" in debt ? debt.flag : "");

/** Keeps a fence that was set at once as one that is paid, so that somebody looks after it; what is owed stays owed. */
export async function keepFence(ledgers: readonly Ledger[], debt: FenceDebt): Promise<void> {
  const key = keys.debt(debt.instance, debt.kind);
  const reads = await Promise.allSettled(ledgers.map((ledger) => ledger.read<Debt>(key)));
  const known = reads.flatMap((read) => (read.status === "fulfilled" ? (read.value ?? []) : []));
  if (known.some(({ value }) => isOfSameFence(value, debt))) return;
  await inAll(ledgers, async (ledger) => {
    await setAside(ledger, debt);
    await rewrite<Debt>(ledger, key, (there) =>
      there && isOfSameFence(there, debt) ? undefined : debt,
    );
  });
}

/** A second failover does not make us forget the primary of the first. */
async function setAside(ledger: Ledger, next: Debt): Promise<void> {
  const known = (await ledger.read<Debt>(keys.debt(next.instance, next.kind)))?.value;
  if (!(known && isFence(known) && isFence(next)) || isOver(known)) return;
  if (known.database === next.database && known.region === next.region) return;
  const aside: FenceDebt = { ...known, kind: `fence-${known.database}` };
  await rewrite<Debt>(ledger, keys.debt(aside.instance, aside.kind), (there) =>
    there && there.epoch >= aside.epoch ? undefined : aside,
  );
}

const isOver = ({ state }: Debt) => state === "cancelled" || state === "retired";

const isOfSameFence = (known: Debt, { region, database, epoch }: FenceDebt) =>
  isFence(known) &&
  known.state !== "cancelled" &&
  known.region === region &&
  known.database === database &&
  known.epoch >= epoch;

export const isFence = (debt: Debt): debt is FenceDebt =>
  debt.kind === "fence" || debt.kind.startsWith("fence-");

/** Ends the debts of this kind that this execution made. */
export async function settle(
  ledgers: readonly Ledger[],
  debt: Pick<Debt, "instance" | "kind" | "execution">,
  state: "paid" | "cancelled",
): Promise<void> {
  await inAll(ledgers, (ledger) =>
    rewrite<Debt>(ledger, keys.debt(debt.instance, debt.kind), (known) =>
      known && known.state !== state && known.execution === debt.execution
        ? { ...known, state }
        : undefined,
    ),
  );
}

async function inAll(ledgers: readonly Ledger[], write: (ledger: Ledger) => Promise<unknown>) {
  const outcomes = await Promise.allSettled(ledgers.map(write));
  const failures = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  if (failures.length === ledgers.length) throw failures[0];
}
