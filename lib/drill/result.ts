import type { MachineUse } from "./machine.ts";

/**
 * What a fault must lead to: the standby serves; what a person restored serves; the failover stops before it promotes
 * and leaves the decision to a person; people are told and nothing moves; or nothing at all.
 */
export type Outcome = "failover" | "recovery" | "halt" | "alert" | "nothing";

/** Clients are served again in the end, so there is a recovery to measure. */
export const isServedAgain = (outcome: Outcome): boolean =>
  outcome === "failover" || outcome === "recovery";

export interface TimelineEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly step: string;
  readonly detail: string;
}

export interface Mail {
  readonly at: string;
  readonly to: string;
  readonly subject: string;
}

/** One promise or invariant of the run, with what was found. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

/** A failover that stopped for a person. */
export interface Halt {
  /** `HaltBehind`; see docs/runbook.md. */
  readonly code: string;
  /** The exact next command, as the ledger has it. */
  readonly command: string;
  /** How many mails carry code and command. */
  readonly mails: number;
  /** Acknowledged rows that the standby does not have. */
  readonly rowsAtStake: number;
}

/** What a drill prints with `--json` and writes to report.json. Seconds are real unless said otherwise. */
export interface DrillResult {
  readonly instance: string;
  readonly plan: string;
  readonly fault: string;
  /** What hung from the fault on: `route53`, `sns`, `s3-home`, `vantage:eu-north-1`. */
  readonly without: readonly string[];
  readonly pace: number;
  readonly ok: boolean;
  readonly expected: Outcome;
  readonly checks: readonly Check[];
  readonly timeline: readonly TimelineEntry[];
  /** As sold, undivided. */
  readonly promised: { readonly rtoSeconds: number | null; readonly rpoSeconds: number | null };
  /** The promised RTO divided by the pace. */
  readonly deadlineSeconds: number | null;
  readonly measured: Measured;
  readonly writes: Writes;
  readonly dns: DnsOutcome;
  readonly promoted: boolean;
  readonly fence: string;
  readonly halt: Halt | null;
  readonly mails: readonly Mail[];
  /** Ledger keys. */
  readonly debts: readonly string[];
  /** From the fault to its end; null where the system does not tell. */
  readonly machine: MachineUse | null;
  /** Present with `--there-and-back`. */
  readonly failback?: Failback;
  /** Present where a person brought it back from what was kept. */
  readonly recovery?: Recovery;
  /** Where a whole region was lost: the same of each of its instances that recover by themselves. */
  readonly instances?: readonly InstanceResult[];
  /** Present with `--deployed`: the stacks were not read from disk. */
  readonly deployment?: Deployment;
  /** SHA-256 of every bundle that ran, equal to the one in cdk.out or not. */
  readonly bundles: readonly BundleProof[];
}

/** How a client deployed the product, by the API of CloudFormation; seconds are real ones. */
export interface Deployment {
  /** `aws-cdk 2.1148.1` */
  readonly by: string;
  readonly stacks: readonly string[];
  readonly bootstrapSeconds: number;
  readonly deploySeconds: number;
}

/** An instance that a person brought back from what was kept; seconds are real ones after the fault. */
export interface Recovery {
  /** As they typed it; null: they were not told, or could not. */
  readonly command: string | null;
  readonly toldSeconds: number | null;
  readonly askedSeconds: number | null;
  /** What was restored, and where. */
  readonly database: string | null;
  readonly region: string | null;
  readonly app: string | null;
  /** `backup sla-acme-…`, `logs`. */
  readonly from: string | null;
  /** ISO 8601 instant of the data that came back. */
  readonly at: string | null;
  /** Rows acknowledged up to that instant, and how many of them did not come back. */
  readonly rows: number;
  readonly rowsMissing: number;
  /** Of the table that was dropped, where one was. */
  readonly table?: Dropped;
  /** Roles before and after, and who is a primary of before, as `database (region)`. */
  readonly epochs: readonly number[];
  readonly former: readonly string[];
  /** Who was primary when it broke, and who stood by. */
  readonly gone: readonly string[];
  /** Contacts of the instance who have not heard that it is done. */
  readonly untold: readonly string[];
  /** What each name server says of the instance's names, each answer once. */
  readonly answers: readonly string[];
  readonly failure?: string;
}

/** A table whose figure only grows: before the fault, and where it was restored; null: it is not there. */
export interface Dropped {
  readonly name: string;
  readonly before: number;
  readonly after: number | null;
}

/** The planned way home after the failover. */
export interface Failback {
  /** Acknowledged from the failover on, there and at home again, and how many of them home does not have. */
  readonly rows: number;
  readonly rpoRows: number;
  /** From the request to the first write acknowledged at home; null: none was. */
  readonly seconds: number | null;
  /** How long clients could not write. */
  readonly heldSeconds: number | null;
  /** From the failover to a new standby that streams; null: none came. */
  readonly reprotectSeconds: number | null;
  /** Position in the log by which nothing was lost. */
  readonly measuredAt: string | null;
  readonly epoch: number;
  /** Database and application of home. */
  readonly primary: string;
  readonly homeApp: string | null;
  /** Targets of all record sets of the instance's names. */
  readonly records: readonly string[];
  readonly failure?: string;
}

/** One instance of a lost region. */
export type InstanceResult = Pick<
  DrillResult,
  | "instance"
  | "plan"
  | "ok"
  | "checks"
  | "promised"
  | "deadlineSeconds"
  | "measured"
  | "writes"
  | "dns"
  | "promoted"
  | "fence"
  | "debts"
> & {
  /** Seconds from the return of its region to the paid fence; null if it was not paid. */
  readonly fencePaidSeconds: number | null;
};

export interface Measured {
  /** Fault to first acknowledged write on the new primary; null if none was. */
  readonly rtoSeconds: number | null;
  /** Age of the oldest acknowledged row that is missing, 0 if none is. */
  readonly rpoSeconds: number | null;
  /** Computed before the run: bad rounds × cadence + Multi-AZ wait + TTL, after pace and floors. */
  readonly waitsSeconds: number;
  /** Configured waits as they are on AWS: until a failover may begin, and until clients ask DNS again. */
  readonly undivided: { readonly noticeSeconds: number; readonly ttlSeconds: number };
  /** RTO less those waits. */
  readonly overheadSeconds: number | null;
  /** How long the run watched after the fault. */
  readonly observedSeconds: number;
}

export interface Writes {
  readonly acknowledged: number;
  readonly lost: number;
  /** Acknowledged after the instant that a person went back to: they took that upon themselves. */
  readonly givenUp?: number;
  readonly acknowledgedByOldPrimaryAfterPromotion: number;
  /** Of those, found on it and kept in a ledger; present where its region was lost and came back. */
  readonly divergentExported?: number;
  /** Rows deleted on it since the last look at it as a primary, as the server counts; null: it has forgotten. Present likewise. */
  readonly deletedAtMost?: number | null;
  /** Present but never acknowledged: a statement that committed while its client was cut off. */
  readonly ghosts: number;
}

export interface DnsOutcome {
  readonly before: string;
  readonly after: string;
  readonly flippedBy: "api" | "stop" | null;
  /** Instances other than the victim whose records changed. */
  readonly neighboursMoved: number;
  /** Present where a flag moved DNS: it led to the new primary at every instant until the records did, too. */
  readonly heldWhileRepaid?: boolean;
}

export interface BundleProof {
  readonly function: string;
  readonly sha256: string;
  readonly equal: boolean;
}
