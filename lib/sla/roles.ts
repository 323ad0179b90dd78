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
  /** ISO 8601 instant at which the primary of now took over; absent: it was the first. */
  readonly promotedAt?: string;
  /** ISO 8601: the primary was brought back to this instant, because what followed is to be undone. */
  readonly rewoundTo?: string;
  /** Primaries of before, oldest first: quarantined until somebody retires them. */
  readonly former?: readonly Seat[];
  /** The standby that was given up, until somebody stands by again. */
  readonly dropped?: Seat;
  /** ISO 8601: the customer leaves. From here on nobody looks at it, backs it up, tests it or recovers it. */
  readonly leftAt?: string;
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
    promotedAt: since,
    former: [...(roles.former ?? []), roles.primary],
    owner: control,
    since,
    by,
  };
}

/** Another member of the cluster of one region writes: the same seat, in the next epoch. */
export const movedRoles = ({ standby: _, ...roles }: Roles, since: string, by: string): Roles => ({
  ...roles,
  epoch: roles.epoch + 1,
  promotedAt: since,
  since,
  by,
});

/**
 * Brought back at this seat from what was kept, while nobody could be promoted: what was primary and what stood by are both of
 * before.
 */
export function recoveredRoles(
  roles: Roles,
  seat: Seat,
  control: string,
  since: string,
  { by, rewoundTo }: Pick<Roles, "by" | "rewoundTo">,
): Roles {
  const former = [...(roles.former ?? []), ...(roles.standby ? [roles.standby] : [])];
  const next = promotedRoles({ ...roles, former, standby: seat }, control, since, by);
  return rewoundTo === undefined ? next : { ...next, rewoundTo };
}

/** Somebody stands by again: that site owns the instance from now on. A primary of before may be it. */
export function protectedRoles(roles: Roles, standby: Seat, since: string, by: string): Roles {
  if (roles.standby) throw new RangeError(`${roles.instance} has a standby already`);
  const { dropped: _, former = [], ...kept } = roles;
  const gone = former.filter((each) => !isSameSeat(each, standby));
  const next = { ...kept, ...(gone.length > 0 && { former: gone }) };
  return { ...next, epoch: roles.epoch + 1, standby, owner: standby.region, since, by };
}

/** The standby is given up: nobody can promote it any more, and the control site owns the instance. */
export function unprotectedRoles(roles: Roles, control: string, since: string, by: string): Roles {
  const { standby: dropped, ...kept } = roles;
  if (!dropped) throw new RangeError(`${roles.instance} has no standby to give up`);
  return { ...kept, epoch: roles.epoch + 1, dropped, owner: control, since, by };
}

/** The customer leaves: the same seats, and nobody looks after them. */
export const leftRoles = (roles: Roles, since: string, by: string): Roles => ({
  ...roles,
  ...{ epoch: roles.epoch + 1, leftAt: since, since, by },
});

/** The customer stays after all. */
export function stayingRoles(roles: Roles, since: string, by: string): Roles {
  const { leftAt, ...kept } = roles;
  if (leftAt === undefined) throw new RangeError(`${roles.instance} has not left`);
  return { ...kept, epoch: roles.epoch + 1, since, by };
}

export const isSameSeat = (a: Seat, b: Seat): boolean =>
  a.region === b.region && a.database === b.database;

/**
 * The seat of the replica that is to stand by for these roles: in the other of the instance's two regions, under
 * a name that the epoch gives, so that a repeat finds what it has begun. In a global database it is the cluster that was there before.
 */
export function nextStandby(instance: Instance, roles: Roles): Seat | undefined {
  const { home, standby, database } = instance;
  if (standby === undefined || database.standby === undefined) return undefined;
  const away = roles.primary.region === home;
  const region = away ? standby : home;
  const first = away ? database.standby : database.primary;
  const name = away ? instance.app?.standby : instance.app?.home;
  const isRejoined = database.global !== undefined;
  return seat(region, isRejoined ? first : `${replicaPrefix(first)}${roles.epoch}`, name);
}

/**
 * Where an instance is brought back from what was kept: a new database, never one that is there already, under a name that the
 * epoch gives.
 */
export function recoveredSeat(instance: Instance, { epoch }: Roles, region: string): Seat {
  const { home, standby, database, app } = instance;
  const isStandby = region === standby && database.standby !== undefined;
  const first = isStandby ? (database.standby ?? database.primary) : database.primary;
  const elsewhere = region === home ? app?.home : app?.recovery?.[region];
  return seat(region, `${recoveredPrefix(first)}${epoch}`, isStandby ? app?.standby : elsewhere);
}

/** Whose network, key and groups the new standby gets: the newest primary that was there. */
export const modelSeat = ({ former = [] }: Roles, { region }: Seat): Seat | undefined =>
  former.findLast((each) => each.region === region);

/** RDS allows 63 characters, no two hyphens in a row; an epoch has room for five digits. */
export const replicaPrefix = (first: string) => `${first.slice(0, 54).replace(/-$/, "")}-sla`;

/** Begins like a replica's name, so that whoever may act on those may act on these, and is never one. */
export const recoveredPrefix = (first: string) => `${first.slice(0, 53).replace(/-$/, "")}-slar`;

const seat = (region: string, database: string, app?: string): Seat => ({
  region,
  database,
  ...(app !== undefined && { app }),
});
