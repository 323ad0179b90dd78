import type { Answer, Outgoing } from "./contract.ts";

/** Longer than a receiver takes to be restarted. */
export const STUCK_SECONDS = 900;

/** What became of the newest attempt: `no-response` where no HTTP answer came, whoever's fault that was. */
export type HookFailure = "not-tried" | "no-response" | "redirected" | "refused" | "failing";

/** Events of one webhook that nobody has taken. */
export interface Untaken {
  readonly waiting: number;
  /** Of those, how many wait for too long. */
  readonly late: number;
  readonly givenUp: number;
  /** That has waited longest; absent: none waits. */
  readonly oldest?: Outgoing;
  /** The newest answer that was none; absent: nothing is untaken, or nothing was tried. */
  readonly last?: NonNullable<Outgoing["last"]>;
}

/** @param lateBeforeMs what has been tried since before that instant is late */
export function untakenOf(events: readonly Outgoing[], lateBeforeMs: number): Untaken {
  const waiting = events
    .filter(({ state }) => state === "waiting")
    .toSorted((one, other) => (one.since < other.since ? -1 : 1));
  const givenUp = events.filter(({ state }) => state === "given-up");
  const late = waiting.filter(({ since }) => Date.parse(since) < lateBeforeMs);
  const answers = [...waiting, ...givenUp].flatMap(({ last }) => last ?? []);
  const [oldest] = waiting;
  const last = answers.toSorted((one, other) => (one.at < other.at ? 1 : -1)).at(0);
  return {
    ...{ waiting: waiting.length, late: late.length, givenUp: givenUp.length },
    ...(oldest && { oldest }),
    ...(last && { last }),
  };
}

/** An alarm counts these, and a status needs a person for them. */
export const isStuck = ({ late, givenUp }: Pick<Untaken, "late" | "givenUp">) => late + givenUp > 0;

export function failureOf(last: Pick<Answer, "status"> | undefined): HookFailure {
  if (last === undefined) return "not-tried";
  const { status } = last;
  if (status === undefined) return "no-response";
  if (status >= 500) return "failing";
  return status >= 300 && status < 400 ? "redirected" : "refused";
}
