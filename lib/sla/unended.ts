import type { FailoverHappened, IncidentHappened } from "./books/happenings.ts";
import type { Outage } from "./books/minute-runs.ts";
import type { Judged } from "./kept.ts";

/** An outage of which the ledger has no failover and no recovery that is done. */
export interface Unended {
  /** Seconds that it surely lasted, and at most: looks say no more. */
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  /** A failover or a recovery of it halted: somebody held its server for lost. */
  readonly isHalted: boolean;
  /** Keys of the ledger, or what the keys begin with. */
  readonly evidence: readonly string[];
}

const MINUTE_SECONDS = 60;

/** @param everySeconds of the plan: a look speaks for so long, and for its whole minute */
export function unendedOf(
  { happened, outages }: Pick<Judged, "happened" | "outages">,
  everySeconds: number,
): readonly Unended[] {
  const ended = happened.failovers.map(spanOf);
  return outages
    .filter((outage) => !ended.some((span) => touches(span, outage)))
    .map((outage) => {
      const incidents = happened.incidents.filter((each) => touches(openFor(each), outage));
      const mostSeconds = outage.minutes * MINUTE_SECONDS;
      return {
        ...{ leastSeconds: mostSeconds - 2 * Math.max(MINUTE_SECONDS, everySeconds), mostSeconds },
        isHalted: incidents.some(({ notes }) => notes.some(({ outcome }) => outcome === "halted")),
        evidence: incidents.length > 0 ? incidents.map(({ key }) => key) : ["rounds/"],
      };
    });
}

type Stretch = Pick<Outage, "fromMs" | "toMs">;

const touches = (one: Stretch, other: Stretch) =>
  one.fromMs < other.toMs && one.toMs >= other.fromMs;

const spanOf = ({ goodAt, rtoSeconds }: FailoverHappened): Stretch => {
  const toMs = Date.parse(goodAt);
  return { fromMs: toMs - rtoSeconds * 1000, toMs };
};

const openFor = ({ firstBadAt, closedAt }: IncidentHappened): Stretch => ({
  fromMs: Date.parse(firstBadAt),
  toMs: closedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(closedAt),
});
