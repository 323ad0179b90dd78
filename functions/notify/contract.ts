import { gunzipSync, gzipSync } from "node:zlib";

/** Deployed in every site; invoked asynchronously by `watch` and by the failover workflow. */
export const NOTIFY_FUNCTION = "sla-notify";
/** Deployed in every site; looks who has not confirmed a subscription. */
export const SUBSCRIPTIONS_FUNCTION = "sla-subscriptions";
/** Alarms reach the provider by this one, past all our own functions. */
export const OPERATORS_TOPIC = "sla-operators";
/** Every recipient has one e-mail subscription with a filter on this attribute. */
export const ALERTS_TOPIC = "sla-alerts";
export const RECIPIENT_ATTRIBUTE = "recipient";

export const NOTICES = [
  "incident-opened",
  "application-down",
  /** The database is gone and nothing recovers it by itself. */
  "recovery-needed",
  "failover-started",
  /** It waits for a person; who is asked gets links of their own. */
  "approval-wanted",
  "failover-done",
  "failover-halted",
  "redundancy-degraded",
  "reprotect-done",
  "reprotect-halted",
  "fence-debt-paid",
  "fence-debt-owed-again",
  /** A flag had moved DNS; now the records say so too. */
  "records-debt-paid",
  "incident-closed",
  /** All instances of a region, or most while it is silent itself: one trouble, told once. */
  "region-lost",
  /** The log kept for a standby fills the storage of its primary; the standby does not replicate any more. */
  "storage-low",
  /** It was given up for that; nothing stands by until a new one does. */
  "standby-dropped",
  "standby-broken",
  "rows-unreadable",
  /** The watch of another site ends no rounds, or ends them again. */
  "site-silent",
  "site-heard",
  /** Backups are late, refused or cannot be counted, and are again as they should be. */
  "backups-troubled",
  "backups-well",
  /** What a recovery in a region would need has changed since it was prepared, and is there again. */
  "recovery-unprepared",
  "recovery-prepared",
  /** Somebody else is let into quarantine, or our own functions are not. */
  "fence-unsound",
  /** Dumps do not get to the customer's own destination, and get there again. */
  "delivery-troubled",
  "delivery-well",
  /** A window of maintenance: to come or under way, not to come after all, over before its time. */
  "maintenance-announced",
  "maintenance-cancelled",
  "maintenance-ended",
  /** A first reply to a ticket is due soon; or it was, and nobody has answered. */
  "reply-due",
  "reply-missed",
  /** Nobody acknowledges an incident: whoever is on call next; and that they are called for it no more. */
  "person-called",
  "call-over",
] as const;
export type NoticeKind = (typeof NOTICES)[number];

export interface Notice {
  readonly kind: NoticeKind;
  /** The site's region, where a notice is about a site. */
  readonly instance: string;
  readonly incident: string;
  /** Tells apart what may be told more than once in an incident; without it a kind is mailed once. */
  readonly occasion?: string;
  /** Region incident that it is part of: what needs no person is told to contacts only. */
  readonly within?: string;
  /** Of an old primary that is not fenced any more: what the ledgers say of this ends its call. */
  readonly debt?: DebtOccasion;
  /** The only one who is told; absent: whom it concerns. */
  readonly to?: string;
  /** ISO 8601 instant of what is told. */
  readonly at: string;
  /** What happened, what it means, what to do next: one short line each. */
  readonly lines: readonly string[];
}

/** A fence debt as it is owed now; the same one may be paid and owed again, night after night. */
export interface DebtOccasion {
  readonly database: string;
  /** ISO 8601: of the debt. */
  readonly since: string;
  /** ISO 8601: when the fence was last seen in force. */
  readonly lookedAt: string;
  readonly revision: number;
}

/** One digest per recipient and incident leaves for all notices of one request. */
export interface NotifyRequest {
  readonly notices: readonly Notice[];
  /** Handed over once more from the ledger: what fails stays there, so nobody else need repeat it. */
  readonly again?: true;
}

/** A notice in the ledger of which some mail has not left. */
export interface Unsent {
  readonly state: "unsent" | "sent";
  readonly notice: Notice;
  /** ISO 8601. */
  readonly at: string;
}

/** Of one request, so of one mail: more than a shard has instances. */
export const NOTICES_AT_ONCE = 500;

/** A request as it travels: gzip in base64, where it has more notices than the 256 KB of an asynchronous invocation hold. */
export type Handed = NotifyRequest | { readonly packed: string };

const PLAIN_UP_TO = 100;

export function packed(request: NotifyRequest): Handed {
  if (request.notices.length <= PLAIN_UP_TO) return request;
  return { packed: gzipSync(JSON.stringify(request)).toString("base64") };
}

export function unpacked(handed: Handed): NotifyRequest {
  if (!("packed" in handed)) return handed;
  return JSON.parse(gunzipSync(Buffer.from(handed.packed, "base64")).toString()) as NotifyRequest;
}
