import type { NoticeKind } from "../../lib/sla/notices.ts";
import type { Severity } from "../../lib/sla/severity.ts";

/** Deployed in every site of a fleet with webhooks: sends what lies in the ledger for them, every minute and when it is woken. */
export const WEBHOOK_FUNCTION = "sla-webhook";

/** What it is invoked with; without `test` it sends what is due. */
export interface WebhookRequest {
  /** Name of a webhook that gets one event of type `test`. */
  readonly test?: string;
}

/** The body of a request, version 1. Fields are added, never changed. Texts are plain; no link of ours is in them. */
export interface HookEvent {
  readonly version: 1;
  /** The same for every attempt, whichever site makes it: who has seen it has seen the event. */
  readonly id: string;
  readonly type: NoticeKind | "test";
  readonly severity: Severity;
  /** `incident opened` */
  readonly title: string;
  /** ISO 8601 instant of what is told. */
  readonly at: string;
  /** Region of the site that tells it. */
  readonly site: string;
  /** Or a region, where it is about a site or a lost region. */
  readonly instance: string;
  /** Names what belongs together: an incident, its failover, its calls. */
  readonly incident: string;
  /** Of a call: the mail address that is called. */
  readonly to?: string;
  /** What happened, what it means, what to do next. */
  readonly lines: readonly string[];
}

/** `hooks/<webhook>/<yyyy-mm-dd>/<id>.json`: an event on its way, or what became of it. */
export interface Outgoing {
  readonly webhook: string;
  readonly event: HookEvent;
  /** `renewed`: handed over again on another day. */
  readonly state: "waiting" | "delivered" | "given-up" | "renewed";
  readonly attempts: number;
  /** Among those that were told at once. */
  readonly place: number;
  /** ISO 8601: since when it is tried, and when it is due again. */
  readonly since: string;
  readonly dueAt: string;
  readonly last?: Answer & { readonly at: string };
}

/** What a receiver said. */
export interface Answer {
  readonly ok: boolean;
  /** HTTP; absent: there was no answer. */
  readonly status?: number;
  /** In a few words. */
  readonly said: string;
}

/** Days of which waiting events are looked for, today among them: longer than any is tried. */
const DAYS_BACK = 3;
const DAY_MS = 86_400_000;

/** Of an instant in milliseconds: `2026-11-22`, and those before it that may still hold what waits. */
export const daysTo = (nowMs: number): readonly string[] =>
  Array.from({ length: DAYS_BACK }, (_, back) =>
    new Date(nowMs - back * DAY_MS).toISOString().slice(0, 10),
  );
