/**
 * The promises sold for an instance, and how hard it is watched for them. A promise that is absent is
 * not made. Durations are seconds of real time; percentages are strings so that nothing is rounded.
 */
export interface Plan {
  readonly name: string;
  readonly watch: Watch;
  /** A promised live copy in the same data center; `waitSeconds` is what RDS's own failover is given. */
  readonly multiAz: { readonly required: boolean; readonly waitSeconds: number };
  /** One server lost for good. */
  readonly serverLoss?: Recovery;
  /** A data center lost for good. */
  readonly siteLoss?: Recovery;
}

export interface Watch {
  /** One look this often; divides or is a multiple of 60. */
  readonly everySeconds: number;
  /** Consecutive bad rounds that open an incident. */
  readonly badRounds: number;
  /** Consecutive good rounds that close it. */
  readonly goodRounds: number;
}

export interface Recovery {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  /** Whether the RTO includes standby promotion and the DNS change with its TTL. */
  readonly includesDns: boolean;
}
