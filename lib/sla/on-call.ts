import type { Plan } from "./plan.ts";
import type { Priority, Support } from "./service-terms.ts";

/** One of those who are called, in their order, while nobody takes care of an incident. */
export interface OnCall {
  /** E-mail address. */
  readonly contact: string;
  /** Minutes without an answer before they are called: since the incident was told, or since whoever is before them was called. */
  readonly afterMinutes: number;
}

interface Called {
  readonly contact: string;
  /** ISO 8601. */
  readonly at: string;
}

/** An incident for which a person is wanted, as far as calling goes. */
export interface Calling {
  /** ISO 8601: when it was told first. */
  readonly openedAt: string;
  readonly called: readonly Called[];
  /** Somebody takes care of it, or there is nothing left to take care of. */
  readonly over: boolean;
}

export interface NextCall {
  readonly contact: string;
  /** Counts from 1; the chain begins again after its last. */
  readonly number: number;
  /** Milliseconds since 1970 from which on they are called. */
  readonly dueMs: number;
}

/**
 * Who is called next, and from when on; nobody once it is over or where there is no chain. Waits count from the call before, not from
 * when that was due: a tick that is missed puts all calls off, and never makes two of them at once.
 *
 * @param minuteMs how long a minute lasts here
 */
export function nextCall(
  { openedAt, called, over }: Calling,
  chain: readonly OnCall[],
  minuteMs: number,
): NextCall | undefined {
  const next = chain[called.length % chain.length];
  if (over || !next) return undefined;
  const since = called.at(-1)?.at ?? openedAt;
  return {
    contact: next.contact,
    number: called.length + 1,
    dueMs: Date.parse(since) + next.afterMinutes * minuteMs,
  };
}

/** The fleet's chain at the pace that the plan of an instance sells, if it sells one. */
export function chainFor(
  chain: readonly OnCall[] = [],
  plan: Pick<Plan, "escalateAfterMinutes"> | undefined,
): readonly OnCall[] {
  const minutes = plan?.escalateAfterMinutes;
  if (minutes === undefined) return chain;
  return chain.map(({ contact }) => ({ contact, afterMinutes: minutes }));
}

const CALLED_FOR: readonly Priority[] = [1];

/** Whether somebody is woken before a first reply of that priority is missed. */
export const callsForReply = (
  support: Pick<Support, "callFor"> | undefined,
  priority: Priority,
): boolean => (support?.callFor ?? CALLED_FOR).includes(priority);
