import { createHmac } from "node:crypto";
import type { NoticeKind } from "../../lib/sla/notices.ts";
import type { Calling } from "../../lib/sla/on-call.ts";
import type { DebtOccasion, ReplyOccasion } from "../notify/contract.ts";

/** Deployed in every site of a fleet with people on call; looks every minute who has to be called. */
export const ONCALL_FUNCTION = "sla-oncall";

/** `calls/<instance>/<id>.json`, in the ledger of the site that told of it: a person is wanted. */
export interface Call extends Calling {
  readonly instance: string;
  /** What is acknowledged: the incident, with an ending for each further occasion on which it wants a person. */
  readonly id: string;
  readonly incident: string;
  /** In a few words. */
  readonly title: string;
  /** Of the first mail. */
  readonly lines: readonly string[];
  /** Mail addresses that get links to acknowledge, in the order of the links. */
  readonly asked: readonly string[];
  /** It ends with the incident. */
  readonly withIncident: boolean;
  /** It ends when any ledger says that this is not owed any more. */
  readonly withDebt?: DebtOccasion;
  /** It ends when any ledger says that somebody has replied, that it is closed, or that something else is promised now. */
  readonly withReply?: ReplyOccasion;
  /** It ends when the watch of the site, which `instance` names, is heard again by all shards. */
  readonly withSilence?: true;
  /** Kinds of notices that end it. */
  readonly endedBy: readonly NoticeKind[];
  /** ISO 8601. */
  readonly overAt?: string;
}

/** Names the call for a reply to a ticket: another instant that is promised is another call. */
export const replyCallId = (ticket: string, due: string): string =>
  `ticket-${ticket}-${due.replace(/\D/g, "")}`;

/** `acks/<instance>/<id>.json`, written once: somebody takes care. */
export interface Ack {
  readonly instance: string;
  readonly id: string;
  /** A mail address, or the ARN of a principal. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
}

/** `sealed/acks--links/secret.json`: what links of a site are signed with. */
export interface AckSeal {
  /** base64url, 32 random bytes. */
  readonly secret: string;
}

/** What a link may be used for, and until when. */
export interface AckLink {
  readonly instance: string;
  readonly id: string;
  /** Whose it is: place in `Call.asked`. */
  readonly asked: number;
  /** Seconds since 1970. */
  readonly until: number;
}

export const ACK_LINK_HOURS = 24;

/** `ack/acme/20261122030000000/0/1795305600/<mac>` */
export function ackPath(secret: string, link: AckLink, address: string): string {
  const { instance, id, asked, until } = link;
  return ["ack", instance, id, asked, until, ackMac(secret, link, address)].join("/");
}

/** Bound to everything that a link must not be used for instead: another incident, another person, another day. */
export function ackMac(secret: string, link: AckLink, address: string): string {
  const { instance, id, asked, until } = link;
  return createHmac("sha256", Buffer.from(secret, "base64url"))
    .update(JSON.stringify(["ack", instance, id, asked, until, address]))
    .digest("base64url");
}
