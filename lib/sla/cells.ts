import type { Fleet, Instance } from "./fleet.ts";
import { describeRegion, hasFunctionUrls } from "./regions.ts";
import type { Roles } from "./roles.ts";

/** From where to where clients are led. The flag is kept, and watched, at the end of the way. */
export interface Direction {
  readonly primary: string;
  readonly standby: string;
}

/** One STOP flag of one site and those whom it leads over. */
export interface StopFlag {
  readonly id: string;
  /** In whose ledger it is and whose function answers for it: the standby's. */
  readonly site: string;
  readonly direction: Direction;
  /** Instance ids, in the fleet's order. */
  readonly members: readonly string[];
}

/**
 * An instance with `stop: own` has a flag of its own; all others share one with those of the same home, standby and
 * failover mode, because only those fail over under the same conditions. No instance has two hyphens in its id.
 */
export const flagIdOf = (
  { id, dns, failover }: Instance,
  { primary, standby }: Direction,
): string => (dns.stop === "own" ? id : `cell--${primary}-${standby}-${failover}`);

/** The way a failover under these roles would lead; undefined while nobody stands by. */
export const directionOf = ({ primary, standby }: Roles): Direction | undefined =>
  standby && { primary: primary.region, standby: standby.region };

/** Every flag of the fleet, for the way there and the way back; none in regions that serve no function URLs. */
export function stopFlags({ instances }: Pick<Fleet, "instances">): readonly StopFlag[] {
  const ways = instances.flatMap((instance) =>
    waysOf(instance).map((direction) => ({ instance, direction })),
  );
  const shared = Map.groupBy(
    ways.filter(({ direction }) => hasFunctionUrls(direction.standby)),
    ({ instance, direction }) => `${direction.standby} ${flagIdOf(instance, direction)}`,
  );
  return [...shared.values()].flatMap((members) => {
    const [first] = members;
    if (!first) return [];
    const { instance, direction } = first;
    return [
      {
        id: flagIdOf(instance, direction),
        site: direction.standby,
        direction,
        members: members.map(({ instance: { id } }) => id),
      },
    ];
  });
}

/** As fleet.yaml names them, first there, then back. */
function waysOf({ home, standby }: Instance): readonly Direction[] {
  if (standby === undefined) return [];
  return [
    { primary: home, standby },
    { primary: standby, standby: home },
  ];
}

/** Instances whose DNS cannot be moved while the API of Route 53 is gone, each with why, for people. */
export function withoutStopFlag({ instances }: Pick<Fleet, "instances">): readonly string[] {
  return instances.flatMap(({ id, standby, dns }) =>
    standby === undefined || hasFunctionUrls(standby)
      ? []
      : [
          `${id}: dns.stop '${dns.stop}' has no effect: Lambda serves no function URLs in ${describeRegion(standby)}, so while the API of Route 53 does not answer its DNS waits; choose another standby region, or accept that`,
        ],
  );
}
