import { createHmac } from "node:crypto";

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

/** The page behind the links of a mail; the world may call it, a link it cannot guess is what opens it. */
export const APPROVE_FUNCTION = "sla-approve";
/** Environment of `notify`: where that page is. Absent in regions that serve no functions at URLs. */
export const APPROVE_URL = "SLA_APPROVE_URL";

export const ACTIONS = { approve: "approved", refuse: "refused" } as const;
export type Action = keyof typeof ACTIONS;

/** `approve/acme/fo-acme-e1-…/0/<mac>`: whose link it is, by place in `asked`. */
export function linkPath(
  { secret }: Pick<Seal, "secret">,
  question: Question,
  action: Action,
  asked: number,
): string {
  const { instance, failover } = question;
  return [action, instance, failover, asked, macOf(secret, question, action, asked)].join("/");
}

/** Bound to everything that a link must not be used for instead: another question, another person, the other answer. */
export function macOf(secret: string, question: Question, action: Action, asked: number): string {
  const { instance, failover, execution, epoch, until } = question;
  const what = [action, instance, failover, execution, epoch, until, asked, question.asked[asked]];
  return createHmac("sha256", Buffer.from(secret, "base64url"))
    .update(JSON.stringify(what))
    .digest("base64url");
}
