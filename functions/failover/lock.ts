import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import { LOCK_SECONDS } from "./contract.ts";
import { halt } from "./errors.ts";
import type { Executions } from "./ports.ts";

/** One failover of an instance at a time. A lock let go stays as a record of who had it. */
export type Lock =
  | { readonly state: "held"; readonly by: string; readonly until: string }
  | { readonly state: "free"; readonly by: string; readonly since: string };

/**
 * Takes or renews the lock. Held by another: taken over only if its lease is over *and* it does not run, or if it gives way to
 * whoever asks.
 */
export async function takeLock(
  { ledger, clock, executions }: Locking,
  instance: string,
  execution: string,
  givesWay: (holder: string) => boolean = () => false,
  leaseSeconds = LOCK_SECONDS,
): Promise<void> {
  const key = keys.lock(instance);
  const found = await ledger.read<Lock>(key);
  if (found && isForeign(found.value, execution) && !givesWay(found.value.by)) {
    await refuseIfAlive(found.value, { clock, executions }, instance);
  }
  const lock: Lock = {
    state: "held",
    by: execution,
    until: new Date(clock.now().getTime() + clock.paced(leaseSeconds)).toISOString(),
  };
  const taken = found ? await ledger.replace(key, lock, found.tag) : await ledger.create(key, lock);
  if (taken) return;
  // Our own write may have been repeated below us; anyone else's means that we lost the race.
  const winner = await ledger.read<Lock>(key);
  if (winner?.value.by !== execution) {
    halt("HaltLocked", `${instance}: ${winner?.value.by} took the lock at the same moment`);
  }
}

/** Whose the lock is now; undefined if nobody's. */
export async function holderOf(ledger: Ledger, instance: string): Promise<string | undefined> {
  const lock = (await ledger.read<Lock>(keys.lock(instance)))?.value;
  return lock?.state === "held" ? lock.by : undefined;
}

export interface Locking {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly executions: Executions;
}

type Held = Extract<Lock, { state: "held" }>;

const isForeign = (lock: Lock, execution: string): lock is Held =>
  lock.state === "held" && lock.by !== execution;

async function refuseIfAlive(
  { by, until }: Held,
  { clock, executions }: Omit<Locking, "ledger">,
  instance: string,
): Promise<void> {
  if (Date.parse(until) > clock.now().getTime()) {
    halt("HaltLocked", `${instance}: ${by} holds the lock until ${until}`);
  }
  if (await executions.isRunning(by)) {
    halt("HaltLocked", `${instance}: the lease of ${by} is over, but it is still running`);
  }
}

/** Lets the lock go if this execution has it; anyone else's stays. */
export async function releaseLock(
  ledger: Ledger,
  instance: string,
  execution: string,
  now: Date,
): Promise<void> {
  await rewrite<Lock>(ledger, keys.lock(instance), (lock) =>
    lock?.state === "held" && lock.by === execution
      ? { state: "free", by: execution, since: now.toISOString() }
      : undefined,
  );
}
