import { gunzipSync, gzipSync } from "node:zlib";
import type { NoticeKind } from "../../lib/sla/notices.ts";

/** Deployed in every site; invoked asynchronously by `watch` and by the failover workflow. */
export const NOTIFY_FUNCTION = "sla-notify";
/** Deployed in every site; looks who has not confirmed a subscription. */
export const SUBSCRIPTIONS_FUNCTION = "sla-subscriptions";
/** Alarms reach the provider by this one, past all our own functions. */
export const OPERATORS_TOPIC = "sla-operators";
/** Every recipient has one e-mail subscription with a filter on this attribute. */
export const ALERTS_TOPIC = "sla-alerts";
export const RECIPIENT_ATTRIBUTE = "recipient";

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
  /** Of a first reply that is due or was missed and that somebody is called for: what ledgers say of this ends the call. */
  readonly reply?: ReplyOccasion;
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

/** A first reply to a ticket, as it was promised until an instant. */
export interface ReplyOccasion {
  readonly ticket: string;
  /** ISO 8601. */
  readonly due: string;
  /** Instants that were promised before, of which people heard: who took care of those takes care of this. */
  readonly before: readonly string[];
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
  /** ISO 8601: when it is handed over again at the earliest; absent: at once. */
  readonly from?: string;
}

/** Of one request, so of one mail: as many as four shards have instances. */
export const NOTICES_AT_ONCE = 1000;

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
