import { type Course, endOf, hull, merged, type Stretch } from "./course.ts";
import { DAYS_SHOWN } from "./days.ts";

/** A time in which something did not answer. */
export interface Disruption {
  /** The same at every look. */
  readonly id: string;
  /** ISO 8601. */
  readonly from: string;
  /** Absent: it lasts. */
  readonly to?: string;
  /** Whether all of the row it is of were down in it, or some. */
  readonly extent: "all" | "some";
}

interface Joint extends Stretch {
  readonly who: ReadonlySet<number>;
}

const DAY_MS = 86_400_000;

/** Of one or several at once, newest first: what overlaps is one. */
export function disruptionsOf(
  row: string,
  courses: readonly Course[],
  nowMs: number,
): readonly Disruption[] {
  const oldestMs = nowMs - DAYS_SHOWN * DAY_MS;
  const all = courses.flatMap(({ down }, index) =>
    down.map((stretch): Joint => ({ ...stretch, who: new Set([index]) })),
  );
  const joined = merged(all, (one, other) => ({
    ...hull(one, other),
    who: one.who.union(other.who),
  }));
  return joined
    .filter((each) => endOf(each) >= oldestMs)
    .toReversed()
    .map(({ fromMs, toMs, who }) => ({
      id: `${row}-${digitsOf(fromMs)}`,
      from: iso(fromMs),
      ...(toMs !== undefined && { to: iso(toMs) }),
      extent: who.size === courses.length ? "all" : "some",
    }));
}

const iso = (ms: number) => new Date(ms).toISOString();
const digitsOf = (ms: number) => iso(ms).replaceAll(/\D/g, "").slice(0, 14);
