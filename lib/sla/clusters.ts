import type { Fleet } from "./fleet.ts";
import type { Seat } from "./roles.ts";

/** A cluster of an Aurora global database. */
export interface ClusterSeat extends Seat {
  readonly global: string;
}

/** All clusters of the fleet. They keep their names: RDS makes the old primary the new standby. */
export const clustersOf = ({ instances }: Pick<Fleet, "instances">): readonly ClusterSeat[] =>
  instances.flatMap(({ home, standby, database: { global, ...database } }) => {
    if (global === undefined) return [];
    const first = { region: home, database: database.primary, global };
    return standby === undefined || database.standby === undefined
      ? [first]
      : [first, { region: standby, database: database.standby, global }];
  });

/** The Aurora global database whose cluster is at this seat; undefined: an instance of RDS is. */
export const globalAt = (
  fleet: Pick<Fleet, "instances">,
  { region, database }: Seat,
): string | undefined =>
  clustersOf(fleet).find((each) => each.region === region && each.database === database)?.global;
