import type { Contents, Instance } from "./instance.ts";
import type { Keeping } from "./keeping.ts";

/** What an engine of RDS is here; everything else is the same for all of them. */
export interface Engine {
  /** Of clients, unless they ask for another. */
  readonly port: number;
  readonly license: string;
  /** `postgres15`, from `15.18` */
  family(version: string): string;
  /** The version that runs for the one asked for. @throws AwsError for one that this machine does not have */
  version(asked: string | undefined): Promise<string>;
  /** @throws AwsError InvalidParameterValue for a name the engine reserves */
  checkMaster(name: string): void;
  /** Of snapshots and automated backups. */
  readonly keeping: Keeping;
  /** An empty database with its master. */
  create(instance: Instance, password: string): Promise<void>;
  /** A copy of what the source holds that follows it, over the link that is open. */
  replicate(instance: Instance, source: Instance): Promise<void>;
  /** Ends the following: it takes writes now. @throws Error if it does not */
  promote(instance: Instance): Promise<void>;
  /** What the source keeps for a replica that is gone. */
  forget(replica: Instance, source: Instance | undefined): Promise<void>;
  changePassword(instance: Instance, password: string): Promise<void>;
}

export type EngineName = Contents["engine"];
