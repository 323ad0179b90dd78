/**
 * A failover that waits for a person: `approvals/<instance>/<failover>.json` in the ledger of the site it
 * runs in. Who writes an answer over the open question first has decided; a token only wakes the machine.
 */
export type Approval = Question & (Open | Answer);

export interface Question {
  readonly instance: string;
  readonly failover: string;
  readonly incident: string;
  /** ARN of the execution that waits. */
  readonly execution: string;
  /** Of the roles that the answer is about. */
  readonly epoch: number;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly until: string;
  /** What happens if nobody has answered by then. */
  readonly otherwise: "failover" | "halt";
  /** Mail addresses that get links, in the order of the links. */
  readonly asked: readonly string[];
  /** What was found and what would be lost, one line each. */
  readonly found: readonly string[];
}

interface Open {
  readonly state: "open";
}

export interface Answer {
  readonly state: "approved" | "refused" | "expired";
  /** ISO 8601. */
  readonly at: string;
  /** Who: a mail address, the ARN of a principal, or the plan. */
  readonly by: string;
  readonly reason: string;
}

/** `sealed/<instance>/<failover>.json`: what only those who ask, mail and answer may read. */
export interface Seal {
  /** Links are signed with it; base64url, 32 random bytes. */
  readonly secret: string;
  /** Of the Step Functions task that waits now. */
  readonly token: string;
}
