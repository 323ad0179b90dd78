import { keys } from "../ledger/contract.ts";
import type { Begun } from "./case.ts";
import { halt } from "./errors.ts";
import { holderOf } from "./lock.ts";
import type { Taken } from "./step.ts";
import type { Here } from "./world.ts";

/** `aborts/<instance>.json`: a person's wish that this execution stops before it promotes. */
export interface Abort {
  readonly instance: string;
  readonly execution: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Halts if a person has asked this very execution to stop; wishes about others are history. */
export async function haltIfAborted({ ledgers, region }: Here, current: Begun): Promise<void> {
  const { request, execution } = current;
  const found = await ledgers(region).read<Abort>(keys.abort(request.instance));
  if (found?.value.execution !== execution) return;
  const { at, reason } = found.value;
  halt("HaltAborted", `${request.instance}: a person stopped this at ${at}: ${reason}`);
}

/**
 * Halts if the lock is not this execution's: one that was broken off and is redriven days later would act on
 * roles of then.
 */
export async function haltIfOvertaken({ ledgers, region }: Here, current: Begun): Promise<void> {
  const { request, execution } = current;
  const holder = await holderOf(ledgers(region), request.instance);
  if (holder === execution) return;
  halt("HaltLocked", `${request.instance}: the lock is ${holder ?? "nobody"}'s, not ours any more`);
}

/** The step, unless a person has stopped the failover before it began. */
export const abortable =
  <World extends Here, Current extends Begun, Next>(
    step: (world: World, current: Current) => Promise<Taken<Next>>,
  ) =>
  async (world: World, current: Current): Promise<Taken<Next>> => {
    await haltIfAborted(world, current);
    return step(world, current);
  };

/** A step behind `admit`, unless the failover was stopped or overtaken before it began. */
export const locked = <World extends Here, Current extends Begun, Next>(
  step: (world: World, current: Current) => Promise<Taken<Next>>,
) =>
  abortable(async (world: World, current: Current) => {
    await haltIfOvertaken(world, current);
    return step(world, current);
  });
