import { traitsOf } from "./engine.ts";
import type { Fleet, Instance } from "./fleet.ts";
import type { Seat } from "./roles.ts";

/** A cluster of the fleet. */
export interface ClusterSeat extends Seat {
  /** The Aurora global database it is of; absent: it is of its region alone. */
  readonly global?: string;
}

/** A cluster of a global database. */
export type GlobalSeat = ClusterSeat & { readonly global: string };

/** Whether an instance is a cluster of one region: another of its members takes over, nobody stands by elsewhere. */
export const isRegional = ({ database }: Pick<Instance, "database">): boolean =>
  traitsOf(database.engine).isCluster && database.global === undefined;

/** All clusters of the fleet. They keep their names: RDS makes what wrote before a follower. */
export const clustersOf = ({ instances }: Pick<Fleet, "instances">): readonly ClusterSeat[] =>
  instances.flatMap(({ home, standby, database: { global, ...database } }) => {
    if (!traitsOf(database.engine).isCluster) return [];
    const of = global === undefined ? {} : { global };
    const first = { region: home, database: database.primary, ...of };
    return standby === undefined || database.standby === undefined
      ? [first]
      : [first, { region: standby, database: database.standby, ...of }];
  });

/** The cluster at this seat; undefined: an instance of RDS is. */
export const clusterAt = (
  fleet: Pick<Fleet, "instances">,
  { region, database }: Seat,
): ClusterSeat | undefined =>
  clustersOf(fleet).find((each) => each.region === region && each.database === database);

/** The Aurora global database whose cluster is at this seat; undefined: another database is. */
export const globalAt = (fleet: Pick<Fleet, "instances">, seat: Seat): string | undefined =>
  clusterAt(fleet, seat)?.global;

export const isGlobalSeat = (seat: ClusterSeat): seat is GlobalSeat => seat.global !== undefined;
