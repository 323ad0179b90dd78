import type { Tag } from "@aws-sdk/client-rds";
import type { Host } from "./host.ts";

/** RDS's own words (User Guide, "Viewing DB instance status"); those that occur here. */
export type Status =
  | "creating"
  | "available"
  | "backing-up"
  | "modifying"
  | "rebooting"
  | "resetting-master-credentials"
  | "stopping"
  | "stopped"
  | "starting"
  | "deleting"
  | "failed";

/** What a customer chooses and may change. */
export interface Choices {
  readonly instanceClass: string;
  readonly allocatedStorageGb: number;
  readonly multiAz: boolean;
  readonly backupRetentionDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly deletionProtection: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly publiclyAccessible: boolean;
  readonly parameterGroup: string;
  readonly subnetGroup: string;
}

/** What stays with the data: copied to replicas, snapshots and what is restored from them. */
export interface Contents {
  readonly engine: "postgres" | "mariadb";
  readonly engineVersion: string;
  readonly masterUsername: string;
  /** Database made at creation, if any. */
  readonly databaseName?: string;
  readonly encrypted: boolean;
  readonly kmsKey?: string;
}

/** A DB instance as RDS knows it, which may differ from what its host is really doing. */
export interface Instance {
  readonly region: string;
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly createdAt: Date;
  readonly contents: Contents;
  readonly host: Host;
  status: Status;
  choices: Choices;
  /** Security groups, in force as soon as they are `active`. */
  groups: readonly { readonly id: string; readonly status: "adding" | "active" | "removing" }[];
  tags: readonly Tag[];
  /** Of a read replica. `terminated`: its source was deleted. */
  source?: {
    readonly region: string;
    readonly id: string;
    readonly arn: string;
    replication: "replicating" | "terminated";
  };
  /** Aborted when it is to be deleted. */
  readonly gone: AbortController;
  /** Background work, one after the other; never rejects. */
  work: Promise<void>;
  /** Why the last work failed. */
  failure?: Error;
}

export const activeGroups = ({ groups }: Instance) =>
  groups.filter(({ status }) => status !== "adding").map(({ id }) => id);
