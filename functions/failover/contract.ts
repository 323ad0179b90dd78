/** Deterministic name of the state machine in every site. */
export const FAILOVER_MACHINE = "sla-failover";

/**
 * The functions behind the machine, one per privilege, each taking several steps: `assess` reads,
 * `fence` may change the old primary's network, `promote` may promote, `flip` may write DNS records,
 * `record` writes the ledger.
 */
export const FAILOVER_FUNCTIONS = {
  assess: "sla-failover-assess",
  fence: "sla-failover-fence",
  promote: "sla-failover-promote",
  flip: "sla-failover-flip",
  record: "sla-failover-record",
} as const;
export type FailoverFunction = keyof typeof FAILOVER_FUNCTIONS;

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
  /** From the last good round: newest heartbeat seen on the standby and on the primary, ISO 8601. */
  readonly lastSeen?: {
    readonly standbyBeat?: string;
    readonly primaryBeat?: string;
    readonly streaming: boolean;
  };
}

export const executionName = ({ instance, epoch, firstBadAt }: FailoverRequest) =>
  `fo-${instance}-e${epoch}-${firstBadAt.replace(/[^0-9]/g, "").slice(0, 17)}`.slice(0, 80);
