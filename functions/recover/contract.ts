import type { FAILOVER_FUNCTIONS, FailoverRequest } from "../failover/contract.ts";

/**
 * Deterministic name, in every site, of the machine that brings an instance back from what was kept in that site's region: a
 * backup, or logs that RDS keeps or replicates there.
 */
export const RECOVER_MACHINE = "sla-recover";

/** Restores databases into service, and changes what it has restored; no part of a failover. */
export const RECOVER_FUNCTION = "sla-recover-restore";

/** Tag of what was restored: folder of the recovery. */
export const RECOVERY_TAG = "sla:recovery";

/** Input of an execution; nobody but a person starts one. What it shares with a failover means the same. */
export interface RecoverRequest extends FailoverRequest {
  readonly trigger: "person";
  readonly recovery: {
    /** ISO 8601: the data of this instant, which is to be undone behind. Absent: the newest there is. */
    readonly at?: string;
  };
}

/** The machine, in order; every state invokes one function with `{ step, case }` and answers the next case. */
export const RECOVER_STEPS = [
  { state: "Admit", step: "recover-admit", by: "recover", everySeconds: 10 },
  { state: "Restore", step: "recover-restore", by: "recover", everySeconds: 30 },
  { state: "Available", step: "recover-available", by: "recover", everySeconds: 15 },
  { state: "Open", step: "recover-open", by: "recover", everySeconds: 5 },
  { state: "Adopt", step: "recover-adopt", by: "recover", everySeconds: 5 },
  { state: "Examine", step: "recover-examine", by: "recover", everySeconds: 10 },
  { state: "Fence", step: "fence", by: "fence", everySeconds: 5 },
  { state: "Gate", step: "gate", by: "promote", everySeconds: 5 },
  { state: "Roles", step: "roles", by: "record", everySeconds: 5 },
  { state: "Flip", step: "flip", by: "flip", everySeconds: 5 },
  { state: "Prove", step: "prove", by: "flip", everySeconds: 5 },
  { state: "Record", step: "record", by: "record", everySeconds: 5 },
] as const satisfies readonly {
  readonly state: string;
  readonly step: string;
  readonly by: keyof typeof FAILOVER_FUNCTIONS | "recover";
  readonly everySeconds: number;
}[];

export type RecoverStep = (typeof RECOVER_STEPS)[number]["step"];

/** Where the machine goes when a step halts: what was restored stays, so that going on finds it. */
export const RECOVER_HALT = { state: "Halted", step: "halted", by: "record" } as const;

/** Why a recovery stops for a person, next to halts of a failover. */
export const RECOVER_HALTS = [
  /** A standby is there and streams: a failover loses less, and is quicker. */
  "HaltStandbyThere",
  /** Nothing in this region can be restored, or not to that instant. */
  "HaltNoBackup",
  "HaltRestoreRefused",
  /** What was restored came up in a status that does not pass, or has gone. */
  "HaltRestoreBroken",
  /** Nobody gets in with the credentials of now. */
  "HaltCredentials",
] as const;
export type RecoverHalt = (typeof RECOVER_HALTS)[number];

/** How the names of all executions begin that recover an instance from the same roles. */
export const recoverPrefix = ({ instance, epoch }: Pick<FailoverRequest, "instance" | "epoch">) =>
  `rc-${instance}-e${epoch}-`;

/** A person may try as often as it takes. */
export const recoverExecution = (
  request: Pick<FailoverRequest, "instance" | "epoch">,
  now: Date,
): string => `${recoverPrefix(request)}p${now.toISOString().replace(/\D/g, "")}`.slice(0, 80);
