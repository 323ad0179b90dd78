import type { Approval } from "../../functions/approval/contract.ts";
import { FAILOVER_MACHINE } from "../../functions/failover/contract.ts";
import { REPROTECT_MACHINE } from "../../functions/failover/reprotect-contract.ts";
import { RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import type { SiteBooks } from "./site-books.ts";

/** Who holds the locks, and what they wait for. */
export interface Locks {
  readonly books: readonly SiteBooks[];
  /** ARNs of executions that hold a lock and run. */
  readonly running: ReadonlySet<string>;
  /** By instance: what a running failover asks a person. */
  readonly questions: ReadonlyMap<string, Approval>;
}

export interface RunningFailover {
  readonly execution: string;
  readonly region: string;
  /** It waits for a person. */
  readonly question?: ApprovalWanted;
}

export type ApprovalWanted = Pick<Approval, "until" | "otherwise" | "askedAt">;

export interface AtWork {
  readonly failover?: RunningFailover;
  /** The execution that gets it a new standby. */
  readonly reprotect?: RunningFailover;
  /** The execution that brings it back from a backup or from logs. */
  readonly recovery?: RunningFailover;
}

/** What a status says of executions that hold the lock of an instance. */
export function machinesAtWork(id: string, known: Locks): AtWork {
  const failover = runningFailover(id, known);
  const reprotect = runningIn(id, REPROTECT_MACHINE, known);
  const recovery = runningRecovery(id, known);
  return {
    ...(failover && { failover }),
    ...(reprotect && { reprotect }),
    ...(recovery && { recovery }),
  };
}

/** The failover that holds the instance's lock, if it is still at work. */
export const runningFailover = (id: string, known: Locks) => runningIn(id, FAILOVER_MACHINE, known);

export const runningRecovery = (id: string, known: Locks) => runningIn(id, RECOVER_MACHINE, known);

function runningIn(
  id: string,
  machine: string,
  { books, running, questions }: Locks,
): RunningFailover | undefined {
  return books.flatMap(({ locks }) => {
    const lock = locks.get(id);
    const isAtWork =
      lock?.state === "held" && running.has(lock.by) && lock.by.includes(`:${machine}:`);
    if (!isAtWork) return [];
    const question = questions.get(id);
    // A recovery has the owner's lock as well, wherever it runs.
    const region = lock.by.split(":")[3] ?? "";
    return [{ execution: lock.by, region, ...(question && { question: wantedOf(question) }) }];
  })[0];
}

const wantedOf = ({ askedAt, until, otherwise }: Approval): ApprovalWanted => ({
  askedAt,
  until,
  otherwise,
});
