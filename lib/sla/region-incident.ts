import type { Fleet } from "./fleet.ts";

/** An instance of one region as it was judged last. */
export interface Inhabitant {
  readonly instance: string;
  /** Region of its primary. */
  readonly region: string;
  /** ISO 8601: since when its incident is open; absent: none is. */
  readonly downSince?: string;
  /** Whether that region's API, or our function there, answered. */
  readonly regionAnswers: boolean;
}

/** A region of which so much is down at once that it is one trouble, not many. */
export interface LostRegion {
  readonly region: string;
  /** ISO 8601: the first bad round of the first that went. */
  readonly firstBadAt: string;
  readonly down: readonly string[];
  readonly inhabitants: number;
  readonly regionAnswers: boolean;
}

/** One alone says nothing of its region. */
const LEAST = 2;

/**
 * The regions that are lost: at least two instances are down, and those are all that live there, or more than half
 * while the region itself does not answer.
 */
export function lostRegions(inhabitants: readonly Inhabitant[]): readonly LostRegion[] {
  const regions = Map.groupBy(inhabitants, ({ region }) => region);
  return [...regions].flatMap(([region, all]): LostRegion[] => {
    const down = all.filter(({ downSince }) => downSince !== undefined);
    const regionAnswers = all.some((each) => each.regionAnswers);
    const isLost =
      down.length >= LEAST &&
      (down.length === all.length || (!regionAnswers && 2 * down.length > all.length));
    const [firstBadAt] = down.flatMap(({ downSince = [] }) => downSince).toSorted();
    return isLost && firstBadAt !== undefined
      ? [
          {
            region,
            firstBadAt,
            down: down.map(({ instance }) => instance),
            inhabitants: all.length,
            regionAnswers,
          },
        ]
      : [];
  });
}

/** A failover that may start. */
export interface Due {
  readonly instance: string;
  readonly rtoSeconds: number;
  /** ISO 8601. */
  readonly firstBadAt: string;
}

/**
 * Failovers under way in one site at once. RDS gives a region 40 instances unless asked for more
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html), so for most fleets this is no limit;
 * beyond it, each has seven calls to make to Route 53, which takes five a second from an account.
 */
export const FAILOVERS_AT_ONCE = 40;

/** Which of those due start now: the tightest RTO first, then who has been down for longest. The rest is due again. */
export function startNow<D extends Due>(
  due: readonly D[],
  underWay: number,
  atOnce = FAILOVERS_AT_ONCE,
): readonly D[] {
  return due
    .toSorted(
      (a, b) =>
        a.rtoSeconds - b.rtoSeconds ||
        Date.parse(a.firstBadAt) - Date.parse(b.firstBadAt) ||
        (a.instance < b.instance ? -1 : 1),
    )
    .slice(0, Math.max(0, atOnce - underWay));
}

/** Standby regions with more instances than fail over at once, each with what that means, for people. */
export function waitingForOthers({ instances }: Pick<Fleet, "instances">): readonly string[] {
  const led = instances.filter(({ standby, failover }) => standby && failover === "automatic");
  return [...Map.groupBy(led, ({ standby = "" }) => standby)]
    .filter(([, all]) => all.length > FAILOVERS_AT_ONCE)
    .map(
      ([region, all]) =>
        `${region}: ${all.length} instances fail over to it, ${FAILOVERS_AT_ONCE} at once: if they are lost together, ${all.length - FAILOVERS_AT_ONCE} wait until others are promoted, and their RTO counts; spread them over more regions, or accept that`,
    );
}

/** The tightest RTO that an instance was promised; one without a promise comes last. */
export function rtoSecondsOf({ instances, plans }: Fleet, instance: string): number {
  const plan = plans[instances.find(({ id }) => id === instance)?.plan ?? ""];
  const promised = [plan?.serverLoss, plan?.siteLoss].flatMap((each) => each?.rtoSeconds ?? []);
  return Math.min(Number.MAX_SAFE_INTEGER, ...promised);
}
