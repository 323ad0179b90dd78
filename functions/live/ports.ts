import type { ImageTestNetwork } from "../../lib/sla/fleet.ts";
import type { FollowingLook } from "../../lib/sla/live/judge-following.ts";
import type { RecordLook } from "../../lib/sla/live/judge-names.ts";
import type { RegionLook } from "../../lib/sla/live/judge-region.ts";
import type { SealedLook } from "../../lib/sla/live/judge-sealed.ts";
import type { SeatLook } from "../../lib/sla/live/judge-seats.ts";
import type { TlsScan } from "../../lib/sla/live/tls-grade.ts";
import type { ParameterGroup } from "../../lib/sla/preparedness.ts";
import type { Roles, Seat } from "../../lib/sla/roles.ts";
import type { NamedCheck } from "../flag/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { NotifyRequest } from "../notify/contract.ts";

/** All that one look goes by; made anew for each. Everything rejects with `CloudUnreachable` and its siblings where nobody answers. */
export interface LiveWorld {
  readonly clock: Clock;
  readonly account: Account;
  readonly databases: Databases;
  readonly groups: Groups;
  readonly zones: Zones;
  readonly secrets: Secrets;
  readonly stops: Stops;
  readonly mailing: Mailing;
  readonly sealed: Sealed;
  /** Newest of all instances. Rejects while any ledger is silent, which may know of newer ones. */
  readonly roles: () => Promise<ReadonlyMap<string, Roles>>;
  /** What the watch of the owner saw last under these roles; undefined: it has not looked yet. */
  readonly following: (roles: Roles) => Promise<FollowingLook | undefined>;
  /** Whether somebody holds the lock of an instance, to fail it over or to recover it. */
  readonly isMoving: (roles: Pick<Roles, "instance" | "owner">) => Promise<boolean>;
  /** Undefined for what is no https URL. */
  readonly tls: (url: string) => Promise<TlsScan | undefined>;
}

/** What an account says of itself. */
export interface Account {
  /** By region: whether it is switched on. Those of which nothing is said are absent. */
  switchedOn(from: string): Promise<ReadonlyMap<string, boolean>>;
  /** 0: there is none. */
  bootstrap(region: string): Promise<number>;
  quotas(region: string): Promise<NonNullable<RegionLook["quotas"]>>;
  healthChecks(): Promise<{ readonly has: number; readonly uses: number }>;
}

export interface LiveSeat extends SeatLook {
  /** Lower case; absent while it is being made. */
  readonly endpoint?: string;
}

export interface Databases {
  /** Undefined if it is not there. */
  look(seat: Seat): Promise<LiveSeat | undefined>;
}

/** Parameter groups of RDS. */
export interface Groups {
  /** Undefined if it is not there. */
  parameters(region: string, name: string): Promise<ParameterGroup | undefined>;
}

/** Hosted zones of Route 53. */
export interface Zones {
  /** Of exactly these names. */
  records(zone: string, names: readonly string[]): Promise<readonly RecordLook[]>;
}

export interface Secrets {
  /** Undefined if it is not there. What is in it is not read. */
  look(region: string, name: string): Promise<{ readonly deletedAt?: string } | undefined>;
}

/** Health checks of the account, ours and others'. */
export interface Stops {
  checks(): Promise<readonly NamedCheck[]>;
}

export interface Mailing {
  /** Addresses of a site that hear nothing; rejects if a topic is missing. */
  unconfirmed(region: string): Promise<NonNullable<RegionLook["unconfirmed"]>>;
}

export interface Sealed {
  look(region: string, network: ImageTestNetwork): Promise<SealedLook>;
}

export interface Messenger {
  notify(request: NotifyRequest): Promise<void>;
}
