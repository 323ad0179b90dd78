import type { Flag, NamedCheck } from "../../../functions/flag/contract.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import type { Engine } from "../../sla/engine.ts";
import type { SecurityGroup } from "../../sla/ingress.ts";
import type { SecretLook } from "../../sla/prepared-secrets.ts";
import type { ParameterGroup } from "../../sla/preparedness.ts";
import type { Roles } from "../../sla/roles.ts";
import type { DatabaseSurvey } from "../adopt/survey.ts";

/** All that adopting touches. Everything rejects with `CloudUnreachable` and its siblings where nobody answers. */
export interface AdoptWorld {
  readonly clock: Clock;
  readonly databases: Databases;
  readonly groups: Groups;
  readonly secrets: Secrets;
  readonly server: Server;
  readonly zones: Zones;
  readonly stops: Stops;
  readonly care: Care;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Where a database is, by its RDS identifier. */
export interface Spot {
  readonly region: string;
  readonly database: string;
}

export interface DatabaseLook extends DatabaseSurvey {
  readonly port: number;
  readonly instanceClass: string;
  readonly master: string;
  /** Of a replica, as RDS says: `replicating`, `error`, `terminated`… */
  readonly replication?: string;
}

export interface StandbyOrder {
  /** ARN. */
  readonly source: string;
  readonly groups: readonly string[];
  readonly parameterGroup: string;
  readonly subnetGroup: string;
  readonly multiAz: boolean;
  /** Absent: the source is not encrypted. */
  readonly kmsKey?: string;
  readonly instance: string;
}

/** `refused`: RDS will not, and says why. `busy`: not now. */
export type Answer = "accepted" | "busy" | { readonly refused: string };

export interface Databases {
  look(spot: Spot): Promise<DatabaseLook | undefined>;
  /** Asking again for one that is there changes nothing. */
  replicate(spot: Spot, order: StandbyOrder): Promise<Answer>;
  keepBackups(spot: Spot, days: number): Promise<Answer>;
  /** RDS deletes it only when that is done. */
  unprotect(spot: Spot): Promise<Answer>;
  /** Without a last snapshot: a replica has nothing of its own. */
  remove(spot: Spot): Promise<Answer>;
  /** Tags of the database; undefined takes one away. */
  note(region: string, arn: string, key: string, value: string | undefined): Promise<void>;
}

export interface MadeGroup extends ParameterGroup {
  /** As whoever made it wrote. */
  readonly description: string;
}

/** What RDS and EC2 keep for databases, by region. */
export interface Groups {
  parameters(region: string, name: string): Promise<MadeGroup | undefined>;
  makeParameters(region: string, name: string, made: Omit<MadeGroup, "values">): Promise<void>;
  setParameters(region: string, name: string, values: ParameterGroup["values"]): Promise<void>;
  subnets(region: string, name: string): Promise<{ readonly description: string } | undefined>;
  makeSubnets(
    region: string,
    made: { readonly name: string; readonly description: string },
    subnets: readonly string[],
  ): Promise<void>;
  /** Databases that are in a group, by RDS identifier. */
  users(region: string, kind: "parameters" | "subnets", name: string): Promise<readonly string[]>;
  /** One that is gone is removed; one that somebody is in by now is `busy`. */
  removeParameters(region: string, name: string): Promise<Answer>;
  removeSubnets(region: string, name: string): Promise<Answer>;
  security(region: string, id: string): Promise<SecurityGroup | undefined>;
}

export interface OurSecret extends SecretLook {
  /** Of the instance for which it was made here. */
  readonly madeFor?: string;
}

export interface Secrets {
  look(region: string, name: string): Promise<OurSecret | undefined>;
  /** Undefined: it holds no login. */
  read(region: string, name: string): Promise<Login | undefined>;
  make(
    region: string,
    name: string,
    made: {
      readonly instance: string;
      readonly login: Login;
      readonly replicas: readonly string[];
    },
  ): Promise<void>;
  replicate(region: string, name: string, regions: readonly string[]): Promise<void>;
  /** Replicas first; it can be had back for thirty days. */
  remove(region: string, name: string, replicas: readonly string[]): Promise<void>;
}

export interface Target {
  /** As in its certificate. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly engine: Engine;
}

/**
 * `bare`: the login opens it, the tables of the SLA are not all there. `fed`: it fetches or applies the log of another server. `refused`: somebody says no. `unreached`: nobody answers from
 * here.
 */
export type ServerLook =
  | { readonly is: "prepared"; readonly readsRows: boolean }
  | { readonly is: "bare" }
  | { readonly is: "fed"; readonly from: string }
  | { readonly is: "refused"; readonly why: string }
  | { readonly is: "unreached"; readonly why: string };

/** The server of a primary, as reached from here. */
export interface Server {
  look(target: Target, login: Login): Promise<ServerLook>;
  /** Role, password, tables and rights; undefined: done, else why not. Repeatable. */
  prepare(
    target: Target,
    master: Login,
    wish: { readonly login: Login; readonly readsRows: boolean },
  ): Promise<Refused | undefined>;
  /** Takes all of it away. */
  forget(target: Target, master: Login, username: string): Promise<Refused | undefined>;
}

export interface Refused {
  readonly is: "refused" | "unreached";
  readonly why: string;
}

/** A record set of a name. */
export interface NamedRecord {
  readonly name: string;
  readonly type: string;
  /** Where a CNAME or an alias leads: lower case, without a final dot or the prefix of dual-stack aliases. */
  readonly target?: string;
  /** Seconds; absent for an alias. */
  readonly ttl?: number;
  readonly routing: "simple" | "failover" | "other";
  readonly failover?: {
    readonly role: "PRIMARY" | "SECONDARY";
    readonly healthCheck?: string;
  };
  /** As the zone holds it: it can only be deleted by saying exactly that. */
  readonly whole: unknown;
}

export interface WantedRecord {
  readonly name: string;
  readonly target: string;
  readonly ttl: number;
  readonly failover?: NonNullable<NamedRecord["failover"]>;
}

/** Hosted zones of Route 53. */
export interface Zones {
  /** Of exactly these names. */
  records(zone: string, names: readonly string[]): Promise<readonly NamedRecord[]>;
  /** In one batch, all or nothing; resolves when all servers of the zone know. */
  replace(
    zone: string,
    gone: readonly NamedRecord[],
    wanted: readonly WantedRecord[],
  ): Promise<void>;
}

/** What of a deployed fleet lets DNS move without the API of Route 53. */
export interface Stops {
  flag(site: string, id: string): Promise<Flag | undefined>;
  /** Host of the site's flags; undefined: nothing answers there. */
  host(site: string): Promise<string | undefined>;
  checks(): Promise<readonly NamedCheck[]>;
  /** The inverted check of a flag; the same reference makes one check only. */
  make(reference: string, host: string, path: string): Promise<"made" | "used-up">;
  /** What its checkers saw last; undefined: there is no such check. */
  seen(check: string): Promise<readonly { readonly raised: boolean }[] | undefined>;
  remove(check: string): Promise<void>;
}

/** How the deployed fleet looks after an instance. */
export interface Care {
  /** The newest of all ledgers; undefined: none knows it. Rejects while any is silent, which may know of newer ones. */
  roles(instance: string): Promise<Roles | undefined>;
  watched(instance: string): Promise<Watched>;
  /** Where a backup is wanted, and whether one is there. */
  backups(instance: string): Promise<readonly { readonly place: string; readonly has: boolean }[]>;
}

export interface Watched {
  /** ISO 8601; absent: nobody has looked yet. */
  readonly lookedAt?: string;
  /** Whether the newest look found it up. */
  readonly isUp: boolean;
  /** ISO 8601: the newest heartbeat that is known; absent: none. */
  readonly beatAt?: string;
  readonly redundancy: string;
}
