/** Deterministic name of the state machine in every site. */
export const FAILOVER_MACHINE = "sla-failover";

/**
 * The functions behind the machine, one per privilege, each taking several steps: `assess` reads,
 * `ask` asks a person, `fence` may change the old primary's network, `promote` may promote, `flip` may write DNS records,
 * `record` writes the ledger.
 */
export const FAILOVER_FUNCTIONS = {
  assess: "sla-failover-assess",
  ask: "sla-failover-ask",
  fence: "sla-failover-fence",
  promote: "sla-failover-promote",
  flip: "sla-failover-flip",
  record: "sla-failover-record",
} as const;
export type FailoverFunction = keyof typeof FAILOVER_FUNCTIONS;

/** Pays what failovers had to owe; woken once a minute in every site, no part of the machine. */
export const DEBTS_FUNCTION = "sla-debts";

/**
 * Writes the records that a STOP flag stood in for, and lowers the flag; woken likewise. The only function beside
 * `flip` that may write DNS records.
 */
export const RECORDS_FUNCTION = "sla-records";

/** Input of an execution. Its name is `executionName(…)`, so one failure starts one failover. */
export interface FailoverRequest {
  readonly instance: string;
  /** Incident id. */
  readonly incident: string;
  /** Epoch of the roles the decision was taken on. */
  readonly epoch: number;
  readonly trigger: "watch" | "person";
  readonly reason: string;
  /** ISO 8601: slot of the first bad round, and of the last good one before it if known. */
  readonly firstBadAt: string;
  readonly lastGoodAt?: string;
  /** ISO 8601: slot of the look that called for it. Absent where a person begins it: now. */
  readonly decidedAt?: string;
  /** From the last good round: newest heartbeat seen on the standby and on the primary, ISO 8601. */
  readonly lastSeen?: {
    readonly standbyBeat?: string;
    readonly primaryBeat?: string;
    readonly streaming: boolean;
  };
  /**
   * A person moves what serves, and nothing may be lost: the primary is fenced first, and the standby promoted only
   * when it has replayed all of it. Ignored unless `trigger` is `person`.
   */
  readonly planned?: true;
  /** Halts a person has read and takes upon themselves; ignored unless `trigger` is `person`. */
  readonly accept?: readonly AcceptableHalt[];
  /**
   * Plan seconds of acknowledged writes a person allows to be lost, instead of the plan's RPO; ignored
   * unless `trigger` is `person`.
   */
  readonly allowLossSeconds?: number;
  /** Region incident that it is part of: the provider is told of that one, not of each. */
  readonly within?: string;
  /**
   * Not a standby takes over but what is restored (functions/recover): the data of `at`, ISO 8601, else the newest there is.
   */
  readonly recovery?: { readonly at?: string };
  /** Folder (`failovers/<instance>/<this>`) of a halted failover that this one goes on with. */
  readonly continues?: string;
}

/** Plan seconds of the lease of an instance's lock: longer than any step, renewed at every admission. */
export const LOCK_SECONDS = 3600;

/** Halts that are a judgement, not an impossibility. */
export const ACCEPTABLE_HALTS = [
  "HaltCooldown",
  "HaltMaintenance",
  "HaltRecovered",
  "HaltNotStreaming",
  "HaltBehind",
  "HaltStillAlive",
  "HaltStandbyThere",
] as const;
export type AcceptableHalt = (typeof ACCEPTABLE_HALTS)[number];

/** How the names of all executions begin that fail an instance over from the same roles. */
export const executionPrefix = ({ instance, epoch }: Pick<FailoverRequest, "instance" | "epoch">) =>
  `fo-${instance}-e${epoch}-`;

export function executionName(request: FailoverRequest): string {
  const slot = request.firstBadAt.replace(/[^0-9]/g, "").slice(0, 17);
  return `${executionPrefix(request)}${slot}`.slice(0, 80);
}

/**
 * The machine, in order; every state invokes one function with `{ step, case }` and answers the next
 * case. Up to `promote` a stop takes the fence off again; from then on it only goes forward.
 */
export const FAILOVER_STEPS = [
  { state: "Admit", step: "admit", by: "assess" },
  { state: "Evidence", step: "evidence", by: "assess" },
  { state: "Preflight", step: "preflight", by: "assess" },
  { state: "Approve", step: "approve", by: "assess" },
  { state: "AdmitAgain", step: "admit-again", by: "assess" },
  { state: "Fence", step: "fence", by: "fence" },
  { state: "Drain", step: "drain", by: "assess" },
  { state: "Promote", step: "promote", by: "promote" },
  { state: "Gate", step: "gate", by: "promote" },
  { state: "Roles", step: "roles", by: "record" },
  { state: "Flip", step: "flip", by: "flip" },
  { state: "Prove", step: "prove", by: "flip" },
  { state: "Record", step: "record", by: "record" },
] as const satisfies readonly {
  readonly state: string;
  readonly step: string;
  readonly by: FailoverFunction;
}[];
export type FailoverStep = (typeof FAILOVER_STEPS)[number]["step"];

/** Beside the line: from `approve` here while nobody has answered, and back to it. */
export const WAIT_FOR_ANSWER = { state: "AwaitAnswer", by: "ask" } as const;

/** Where the machine goes when a step halts. */
export const HALT_STEPS = [
  { state: "Unfence", step: "unfence", by: "fence" },
  { state: "Halted", step: "halted", by: "record" },
] as const satisfies readonly {
  readonly state: string;
  readonly step: string;
  readonly by: FailoverFunction;
}[];
export type HaltStep = (typeof HALT_STEPS)[number]["step"];

/** Error names the machine retries on. All others halt it. */
export const NOT_YET = "NotYet";
/** `approve` waits for a person; the wait is over before it has begun. Both are no failures. */
export const AWAITS_ANSWER = "AwaitsAnswer";
export const ANSWERED = "Answered";
/** Another failover of the same roles is at work: who began it tells how it ends, this one ends without a word. */
export const ALREADY_UNDER_WAY = "AlreadyUnderWay";
export const CLOUD_ERRORS = ["CloudUnreachable", "CloudThrottled", "FunctionFailed"] as const;

/** Why a failover stops for a person. Step Functions reports the name, the runbook explains it. */
export const HALTS = [
  "HaltLocked",
  "HaltEpoch",
  "HaltNoStandby",
  "HaltNoMember",
  "HaltCooldown",
  "HaltMaintenance",
  "HaltRecovered",
  "HaltNotStreaming",
  "HaltBehind",
  "HaltStillAlive",
  "HaltStandbyUnfit",
  "HaltStandbyBusy",
  "HaltRefused",
  "HaltUnanswered",
  "HaltSiteUnknown",
  "HaltFenceRefused",
  "HaltPromoteRefused",
  "HaltProofRefused",
  "HaltRecords",
  "HaltAborted",
  "HaltDown",
  "HaltNotDrained",
] as const;
export type HaltCode = (typeof HALTS)[number];

/** The halts of `promote` after which the standby certainly still is a standby. */
export const NOT_PROMOTED: readonly HaltCode[] = [
  "HaltPromoteRefused",
  "HaltStandbyBusy",
  "HaltAborted",
];
