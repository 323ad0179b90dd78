import type { SecurityGroup } from "../../lib/sla/ingress.ts";
import type { Subnet } from "../../lib/sla/network-checks.ts";
import type { Content, SecretLook } from "../../lib/sla/prepared-secrets.ts";
import type { KeyLook, ParameterGroup, SubnetGroup } from "../../lib/sla/preparedness.ts";
import type { PrimaryRecord } from "../../lib/sla/stop-records.ts";
import type { NamedCheck } from "../flag/contract.ts";
import type { NotifyRequest } from "../notify/contract.ts";

/** What RDS keeps for databases. All reject with `CloudUnreachable` and its siblings where nobody answers. */
export interface Groups {
  /** Of the own region; undefined if it is not there. */
  subnets(name: string): Promise<SubnetGroup | undefined>;
  parameters(region: string, name: string): Promise<ParameterGroup | undefined>;
}

/** Networks that the provider has made. */
export interface Networks {
  /** Undefined if it is not there. */
  group(region: string, id: string): Promise<SecurityGroup | undefined>;
  /** Of the own region: those of them that are there. */
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
}

/** `engine`: as RDS calls it; absent: `postgres`. */
interface Named {
  readonly id: string;
  readonly engine?: string;
  readonly version: string;
}

/** A backup or a database of the own region, and the PostgreSQL in it. */
export interface Versions {
  /** Manual snapshots by their names; those that are still being made have no instant yet. */
  backups(): Promise<readonly (Named & { takenAt?: string; key?: string })[]>;
  /** `retentionDays`: for which it keeps backups of its own; 0: it keeps none. */
  databases(): Promise<readonly (Named & { retentionDays: number })[]>;
}

/** KMS keys of the own region, by alias or ARN. */
export interface Keys {
  /** Undefined if it is not there. */
  look(key: string): Promise<KeyLook | undefined>;
}

/** Secrets. What is in them stays behind this port. */
export interface Vault {
  /** Undefined if it is not there. */
  look(region: string, name: string): Promise<SecretLook | undefined>;
  /** Of the own region; undefined if it has no value. */
  open(name: string): Promise<Content | undefined>;
}

/** Names in hosted zones of Route 53. */
export interface Names {
  /** The PRIMARY records of those that have one. */
  primaries(zone: string, names: readonly string[]): Promise<readonly PrimaryRecord[]>;
}

/** Health checks of the account, ours and others'. */
export interface StopChecks {
  all(): Promise<readonly NamedCheck[]>;
}

export interface Messenger {
  notify(request: NotifyRequest): Promise<void>;
}
