import type { Instance } from "../../lib/sla/fleet.ts";
import type { RecordsDebt, Rewriting } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellRecords } from "./debt-telling.ts";
import { isPassing } from "./errors.ts";
import { targetsOf } from "./flip.ts";
import type { Targets } from "./records.ts";
import { rolesByOwner } from "./roles-now.ts";
import { instanceOf, type RecordsWorld } from "./world.ts";

/** Records that are owed, and where they have to lead. */
export interface Owing {
  readonly debt: RecordsDebt;
  readonly instance: Instance;
  readonly targets: Targets;
  readonly isNewest: boolean;
}

/** By the newest roles, whatever the debt was made for. */
export async function owingOf(
  world: RecordsWorld,
  debt: RecordsDebt,
): Promise<Owing | DebtOutcome> {
  const instance = instanceOf(world, debt.instance);
  const roles = await rolesByOwner(world, instance);
  if (roles.epoch < debt.epoch) {
    return outcomeOf(debt, "undecided", `the roles are at epoch ${roles.epoch}`);
  }
  const { region, database } = roles.primary;
  const state = await world.registry.describe(roles.primary);
  if (!state?.endpoint) {
    return outcomeOf(debt, "failed", `${database} in ${region} has no endpoint to lead to`);
  }
  const targets = targetsOf(instance, { endpoint: state.endpoint.host, roles });
  return { debt, instance, targets, isNewest: roles.epoch === debt.epoch };
}

/** Notes a step; whoever was first has noted it, and the next round goes on from there. */
export async function noted(
  world: RecordsWorld,
  debt: RecordsDebt,
  progress: Rewriting,
  words: string,
): Promise<DebtOutcome> {
  try {
    await amend(world, debt, (known) =>
      isAsSeen(known, debt) ? { ...known, progress } : undefined,
    );
    return outcomeOf(debt, "under way", words);
  } catch (cause) {
    return failureOf(debt, cause);
  }
}

/** Tells people once it is written down. */
export async function paid(world: RecordsWorld, debt: RecordsDebt): Promise<DebtOutcome> {
  const paidAt = debt.progress?.at ?? world.clock.now().toISOString();
  const by = world.region;
  const found = "both answers lead to it on every name server";
  const ended = await amend(world, debt, (known) =>
    isAsSeen(known, debt)
      ? { ...known, state: "paid", paidAt, by, found, mail: { by } }
      : undefined,
  );
  if (!ended) return outcomeOf(debt, "paid elsewhere", found);
  await tellRecords(world, ended);
  return outcomeOf(debt, "paid", found);
}

export async function cancelled(world: RecordsWorld, debt: RecordsDebt): Promise<DebtOutcome> {
  const found = "a later epoch has written the records";
  await amend(world, debt, (known) =>
    isAsSeen(known, debt) ? { ...known, state: "cancelled", found } : undefined,
  );
  return outcomeOf(debt, "cancelled", found);
}

/** Nobody has taken a step since this site read it. */
export const isAsSeen = (known: RecordsDebt, seen: RecordsDebt): boolean =>
  known.state === "owed" && (known.revision ?? 0) === (seen.revision ?? 0);

/** What is asked of one debt fails for that one alone. */
export const failureOf = (debt: RecordsDebt, cause: unknown): DebtOutcome =>
  outcomeOf(debt, isPassing(cause) ? "unreachable" : "failed", (cause as Error).message);

export async function tried<T>(
  debt: RecordsDebt,
  work: () => Promise<T>,
): Promise<T | DebtOutcome> {
  try {
    return await work();
  } catch (cause) {
    return failureOf(debt, cause);
  }
}
