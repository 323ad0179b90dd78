import { NOTICES, type NoticeKind } from "./notices.ts";
import { type Severity, severityOf } from "./severity.ts";

/** A place of the provider's own that is told what the provider is told by mail. */
export interface Webhook {
  /** Names it in the ledger: kept when its address changes. */
  readonly name: string;
  /** https; http on a loopback address, which the local cloud alone sends to. */
  readonly url: string;
  /** Name of the secret in Secrets Manager, in every site. */
  readonly secret: string;
  /** Absent: all. */
  readonly severities?: readonly Severity[];
  /** Absent: all. */
  readonly events?: readonly NoticeKind[];
}

/** What a webhook asks for by what it names. */
export const wants = ({ severities, events = NOTICES }: Webhook, kind: NoticeKind): boolean =>
  events.includes(kind) && (severities?.includes(severityOf({ kind })) ?? true);

/** Hours after which an event that was not taken is given up. */
export const HOOK_HOURS = 24;
const FIRST_MINUTES = 1;
const LONGEST_MINUTES = 60;

/**
 * Minutes until the next attempt: twice as many each time, at most an hour, of which up to half is taken off so that receivers that
 * come back do not get all at once.
 *
 * @param attempts made so far, from 1
 * @param chance from 0 to 1
 */
export function retryMinutes(attempts: number, chance: number): number {
  const doubled = FIRST_MINUTES * 2 ** Math.min(attempts - 1, 10);
  return Math.min(doubled, LONGEST_MINUTES) * (1 - chance / 2);
}
