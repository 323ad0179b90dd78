/** `restic forget --keep-daily … --keep-weekly … --keep-monthly …`, of snapshots in UTC. */
export interface Keep {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  /** Newer versions give a place that is left to the very oldest. */
  readonly givesRestToOldest: boolean;
}

type Kind = "daily" | "weekly" | "monthly";

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const FROM_MONDAY = 3;

const PERIODS: Readonly<Record<Kind, (ms: number) => number>> = {
  daily: (ms) => Math.floor(ms / DAY_MS),
  weekly: (ms) => Math.floor((Math.floor(ms / DAY_MS) + FROM_MONDAY) / 7),
  monthly: (ms) => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth(),
};

/** What restic keeps of these instants: of each of the newest so many periods the newest. The bench asks restic whether it is so. */
export function kept(takenMs: readonly number[], keep: Keep): ReadonlySet<number> {
  const newestFirst = takenMs.toSorted((one, other) => other - one);
  const oldest = newestFirst.slice(keep.givesRestToOldest ? -1 : newestFirst.length);
  return new Set(
    (Object.keys(PERIODS) as Kind[]).flatMap((kind) => {
      const found = newestOf(newestFirst, PERIODS[kind]).slice(0, keep[kind]);
      return found.length < keep[kind] ? [...found, ...oldest] : found;
    }),
  );
}

const newestOf = (newestFirst: readonly number[], period: (ms: number) => number) =>
  newestFirst.filter(
    (ms, index) => index === 0 || period(ms) !== period(newestFirst[index - 1] ?? ms),
  );
