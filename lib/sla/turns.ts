/**
 * New standbys that are built in one region at once. RDS copies 20 snapshots at a time into a region and makes a replica
 * in another region by such a copy (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html).
 */
export const REPLICAS_AT_ONCE = 20;

/** Who builds, and who waits to. */
export interface Turns {
  readonly building: readonly Turn[];
  readonly waiting: readonly Turn[];
}

export interface Turn {
  readonly instance: string;
  /** ARN of the execution. */
  readonly by: string;
  readonly rtoSeconds: number;
  /** ISO 8601: since when it waits, and when it asked last. */
  readonly since: string;
  readonly askedAt: string;
}

export const NO_TURNS: Turns = { building: [], waiting: [] };

export type Asker = Pick<Turn, "instance" | "by" | "rtoSeconds">;

interface TurnRules {
  /** ISO 8601. */
  readonly now: string;
  /** Milliseconds without a question after which somebody does not wait any more. */
  readonly patienceMs: number;
  readonly atOnce?: number;
}

/** The book after the question; `ahead` is zero if it is the asker's turn. */
export interface TurnGiven {
  readonly turns: Turns;
  readonly ahead: number;
}

/** Gives a free place to the tightest RTO of all who wait, then to who has waited for longest. Asking again changes nothing. */
export function askTurn(
  { building, waiting }: Turns,
  asker: Asker,
  { now, patienceMs, atOnce = REPLICAS_AT_ONCE }: TurnRules,
): TurnGiven {
  const mine = building.find(({ instance }) => instance === asker.instance);
  if (mine) {
    const others = building.filter((each) => each !== mine);
    const still = { ...mine, ...asker, askedAt: now };
    return { turns: { building: [...others, still], waiting }, ahead: 0 };
  }
  const since = waiting.find(({ instance }) => instance === asker.instance)?.since ?? now;
  const me: Turn = { ...asker, since, askedAt: now };
  const queue = [
    ...waiting.filter(
      ({ instance, askedAt }) =>
        instance !== asker.instance && Date.parse(now) - Date.parse(askedAt) <= patienceMs,
    ),
    me,
  ].toSorted(byUrgency);
  const place = queue.indexOf(me);
  const free = Math.max(0, atOnce - building.length);
  if (place >= free) return { turns: { building, waiting: queue }, ahead: place - free + 1 };
  const others = queue.filter((each) => each !== me);
  return { turns: { building: [...building, me], waiting: others }, ahead: 0 };
}

const byUrgency = (a: Turn, b: Turn) =>
  a.rtoSeconds - b.rtoSeconds ||
  Date.parse(a.since) - Date.parse(b.since) ||
  (a.instance < b.instance ? -1 : 1);

/** Whoever these executions were, they neither build nor wait any more. */
export const withoutTurns = ({ building, waiting }: Turns, gone: ReadonlySet<string>): Turns => ({
  building: building.filter(({ by }) => !gone.has(by)),
  waiting: waiting.filter(({ by }) => !gone.has(by)),
});
