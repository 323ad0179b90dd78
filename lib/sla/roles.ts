import type { Fleet, Instance } from "./fleet.ts";

/** Where one side of an instance lives now. */
export interface Seat {
  readonly region: string;
  /** RDS identifier. */
  readonly database: string;
  /** Name the app record points to while this seat is primary. */
  readonly app?: string;
}

/**
 * Who is primary, who stands by, who watches. The highest epoch wins; a step that holds a lower one stops.
 * fleet.yaml gives epoch 1 only.
 */
export interface Roles {
  readonly instance: string;
  readonly epoch: number;
  readonly primary: Seat;
  readonly standby?: Seat;
  /** Site that watches and recovers the instance. */
  readonly owner: string;
  /** ISO 8601 instant this epoch began. */
  readonly since: string;
  /** `fleet.yaml` or the execution that wrote it. */
  readonly by: string;
}

/**
 * Sorts the roles that hold to the front. Of one epoch those that were written first: a fleet.yaml that names
 * another standby later makes no second owner.
 */
export const byAuthority = (a: Roles, b: Roles): number =>
  b.epoch - a.epoch || Date.parse(a.since) - Date.parse(b.since);

export function firstRoles(fleet: Fleet, instance: Instance, since: string): Roles {
  const { home, standby, database, app } = instance;
  const standbySeat =
    standby !== undefined && database.standby !== undefined
      ? seat(standby, database.standby, app?.standby)
      : undefined;
  return {
    instance: instance.id,
    epoch: 1,
    primary: seat(home, database.primary, app?.home),
    ...(standbySeat && { standby: standbySeat }),
    owner: standbySeat?.region ?? fleet.control,
    since,
    by: "fleet.yaml",
  };
}

/** The standby becomes primary; nobody stands by, so the control site owns the instance until reprotect ends. */
export function promotedRoles(roles: Roles, control: string, since: string, by: string): Roles {
  if (!roles.standby) throw new RangeError(`${roles.instance} has no standby to promote`);
  return {
    instance: roles.instance,
    epoch: roles.epoch + 1,
    primary: roles.standby,
    owner: control,
    since,
    by,
  };
}

const seat = (region: string, database: string, app?: string): Seat => ({
  region,
  database,
  ...(app !== undefined && { app }),
});
