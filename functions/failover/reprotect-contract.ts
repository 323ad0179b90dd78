import type { FailoverFunction } from "./contract.ts";

/** Deterministic name, in every site, of the machine that gets an instance a new standby. */
export const REPROTECT_MACHINE = "sla-reprotect";

/** Makes replicas, and changes what it has made; no part of a failover. */
export const BUILD_FUNCTION = "sla-reprotect-build";

/** Deletes standbys that were given up; nothing else may delete a database. */
export const DROP_FUNCTION = "sla-standby-drop";

export interface ReprotectRequest {
  readonly instance: string;
  /** Of the failover that left nobody standing by, or of the storage that is low. */
  readonly incident: string;
  /** Epoch of the roles under which nobody stands by, or under which the standby is to be given up. */
  readonly epoch: number;
  readonly trigger: "failover" | "person" | "watch";
  /** Region incident that the failover was part of. */
  readonly within?: string;
  readonly reason: string;
  /** The standby is given up first. */
  readonly drop?: Drop;
  /** Where the old primary is gone, nothing else says which subnets and key its successor gets. */
  readonly subnetGroup?: string;
  readonly kmsKey?: string;
}

/** On which grounds a standby may be given up. */
export interface Drop {
  /** The watch's: less than so many percent of the primary's storage are free. Absent: a person decided. */
  readonly belowPercent?: number;
  /** Of the watch: ISO 8601 beginning of the hour in which it looked. */
  readonly hour?: string;
  /** A person takes it upon themselves though the standby streams and is not behind. */
  readonly evenIfStreaming?: true;
}

/** Folder in the ledger, the same for all attempts. */
export const reprotectName = ({ instance, epoch }: ReprotectRequest) => `rp-${instance}-e${epoch}`;

/**
 * Name of an execution that nobody starts by hand: one for each epoch. What the second look of a drop has found in
 * order may turn bad again, so that begins once an hour.
 */
export const reprotectExecution = (request: ReprotectRequest) =>
  `${reprotectName(request)}${request.drop ? `-drop-${digitsOf(request.drop.hour)}` : ""}`.slice(
    0,
    80,
  );

const digitsOf = (at = "") => at.replace(/[^0-9]/g, "").slice(0, 14);

/** The machine, in order. A step that answers `NotYet` is asked again after `everySeconds`. */
export const REPROTECT_STEPS = [
  // The first four only where a standby is to be given up.
  { state: "LookAgain", step: "drop-look", by: "assess", everySeconds: 60 },
  { state: "GiveUp", step: "drop-roles", by: "record", everySeconds: 60 },
  { state: "Drop", step: "drop-delete", by: "drop", everySeconds: 60 },
  { state: "SlotGone", step: "drop-slot", by: "assess", everySeconds: 60 },
  { state: "Admit", step: "reprotect-admit", by: "assess", everySeconds: 300 },
  // A region that is lost stays so for hours, and an execution has room for 25,000 events.
  { state: "Ready", step: "reprotect-ready", by: "assess", everySeconds: 300 },
  { state: "Build", step: "reprotect-build", by: "build", everySeconds: 120 },
  { state: "Keep", step: "reprotect-keep", by: "build", everySeconds: 120 },
  { state: "Stream", step: "reprotect-stream", by: "assess", everySeconds: 120 },
  { state: "Signpost", step: "reprotect-signpost", by: "flip", everySeconds: 120 },
  { state: "InSync", step: "reprotect-in-sync", by: "flip", everySeconds: 120 },
  { state: "Roles", step: "reprotect-roles", by: "record", everySeconds: 120 },
  { state: "Record", step: "reprotect-record", by: "record", everySeconds: 120 },
] as const satisfies readonly {
  readonly state: string;
  readonly step: string;
  readonly by: FailoverFunction | "build" | "drop";
  readonly everySeconds: number;
}[];

/** Where it begins if no standby is to be given up. */
export const REPROTECT_WITHOUT_DROP = "Admit" satisfies (typeof REPROTECT_STEPS)[number]["state"];

/** Where the machine goes when others have decided anew meanwhile, and when only a person can go on. */
export const REPROTECT_ENDS = [
  { state: "Overtaken", step: "reprotect-overtaken", by: "record" },
  { state: "Halted", step: "reprotect-halted", by: "record" },
] as const;
export type ReprotectStep =
  | (typeof REPROTECT_STEPS)[number]["step"]
  | (typeof REPROTECT_ENDS)[number]["step"];

/** The roles are not those any more that this was begun on: whoever changed them goes on from there. */
export const OVERTAKEN = "Overtaken";

/** Somebody has written the instance's records since they were seen to lead right: they are written once more. */
export const POINT_AGAIN = "PointAgain";

/** The key that RDS has for itself in every region of an account. */
export const KEY_OF_RDS = "alias/aws/rds";

/** Why a reprotect stops for a person, next to `HaltLocked` and `HaltEpoch`. */
export const REPROTECT_HALTS = [
  "HaltProtected",
  "HaltNoModel",
  "HaltReplicaRefused",
  "HaltReplicaUnfit",
  "HaltDropRefused",
  "HaltNoReplica",
  "HaltUntagged",
  "HaltSlotStays",
] as const;
export type ReprotectHalt = (typeof REPROTECT_HALTS)[number];
