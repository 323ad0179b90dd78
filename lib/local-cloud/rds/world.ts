import { setTimeout as wait } from "node:timers/promises";
import type { Addresses } from "../addresses.ts";
import type { Authority } from "../certificates.ts";
import type { SecurityGroups } from "../ec2/security-groups.ts";
import type { Subnets } from "../ec2/subnets.ts";
import type { EventLog } from "../event-log.ts";
import type { Guard } from "../guard.ts";
import type { HostNames } from "../host-names.ts";
import type { Pace } from "../pace.ts";
import type { AutomatedBackup, AutomatedBackups } from "./automated/backup.ts";
import type { EventBook } from "./event-book.ts";
import type { Instance } from "./instance.ts";
import type { Inventory } from "./inventory.ts";
import type { Mishaps } from "./mishaps.ts";
import type { ParameterGroups } from "./parameter-group-book.ts";
import type { SnapshotShelf } from "./snapshot-shelf.ts";
import type { SubnetGroups } from "./subnet-group-book.ts";

export interface RdsOptions {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly guard: Guard;
  readonly addresses: Addresses;
  readonly authority: Authority;
  readonly groups: SecurityGroups;
  readonly subnets: Subnets;
  readonly hostNames: HostNames;
  /** Holds data directories and snapshots; made if missing, and opened for the user PostgreSQL runs as. */
  readonly directory: string;
  /** Twelve digits. */
  readonly account: string;
  /** Base backups and a WAL archive of every primary that wants them; off, its backups are a status only. */
  readonly keepsBackups: boolean;
}

/** What the operations share. */
export interface World extends RdsOptions {
  readonly inventory: Inventory;
  readonly events: EventBook;
  readonly snapshots: SnapshotShelf;
  readonly parameterGroups: ParameterGroups;
  readonly subnetGroups: SubnetGroups;
  readonly mishaps: Mishaps;
  readonly automated: AutomatedBackups;
  /** What keeps them; its work never rejects. */
  readonly keepers: Map<
    AutomatedBackup,
    { readonly end: AbortController; readonly work: Promise<void> }
  >;
  /** Base backups nobody waits for are taken one by one: a laptop has other work. */
  readonly baseTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Regions nothing gets into or out of. */
  readonly cutRegions: Set<string>;
  /** Reached by their own network only. */
  readonly isolated: Set<Instance>;
  /** Read replicas at which no log arrives. */
  readonly starved: Set<Instance>;
}

/** How long a status lasts where RDS takes minutes and we nothing: long enough to be seen by a poll. */
const STEP_MS = 60;
export const step = () => wait(STEP_MS);
