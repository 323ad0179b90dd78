import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isUnreachable } from "./errors.ts";
import { rewrite } from "./written.ts";

/** Something a failover could not do yet and somebody has to: kept until paid, never silently dropped. */
export interface Debt {
  readonly state: "owed" | "paid" | "cancelled";
  readonly kind: string;
  readonly instance: string;
  /** Region in which it has to be paid. */
  readonly region: string;
  readonly because: string;
  readonly since: string;
  readonly execution: string;
  /** Epoch of the roles it belongs to. */
  readonly epoch: number;
  readonly database?: string;
  readonly quarantineGroup?: string;
}

/** Puts the debt into every ledger that answers; one is enough, none is an error. */
export async function owe(ledgers: readonly Ledger[], debt: Debt): Promise<void> {
  await inAll(ledgers, (ledger) =>
    rewrite<Debt>(ledger, keys.debt(debt.instance, debt.kind), (known) =>
      known?.state === "owed" && known.execution === debt.execution ? undefined : debt,
    ),
  );
}

/** Ends the debts of this kind that this execution made. */
export async function settle(
  ledgers: readonly Ledger[],
  debt: Pick<Debt, "instance" | "kind" | "execution">,
  state: "paid" | "cancelled",
): Promise<void> {
  await inAll(ledgers, (ledger) =>
    rewrite<Debt>(ledger, keys.debt(debt.instance, debt.kind), (known) =>
      known?.state === "owed" && known.execution === debt.execution
        ? { ...known, state }
        : undefined,
    ),
  );
}

async function inAll(ledgers: readonly Ledger[], write: (ledger: Ledger) => Promise<unknown>) {
  const outcomes = await Promise.allSettled(ledgers.map(write));
  const failures = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  const fatal = failures.find((cause) => !isUnreachable(cause));
  if (fatal) throw fatal;
  if (failures.length === ledgers.length) throw failures[0];
}
