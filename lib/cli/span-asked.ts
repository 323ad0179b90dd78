import { instantMs, whyNoInstant } from "../operator/instant.ts";
import { monthSpan, type Span, within } from "../sla/books/month.ts";
import { UserError } from "./user-error.ts";

/** Flags of whoever asks for a month. */
export interface MonthAsked {
  readonly month: string;
  /** IANA name. */
  readonly timezone: string;
  readonly began?: string;
  readonly ended?: string;
}

interface Asked {
  readonly span: Span;
  /** Of the whole month, in ms. */
  readonly endMs: number;
}

/** The month, and what of it is asked about. Throws UserError where that is nothing, or still to come. */
export function spanAsked({ month, timezone, began, ended }: MonthAsked, nowMs: number): Asked {
  const span = monthOf(month, timezone);
  if (span.fromMs > nowMs) {
    const now = new Date(nowMs).toISOString();
    throw new UserError(`--month: ${month} has not begun in ${timezone}: it is ${now}`);
  }
  if (span.toMs > nowMs && ended === undefined) {
    console.error(`sla: ${month} is not over: what is to come counts as unobserved (or --ended)`);
  }
  const beganMs = instantFlag("--began", began, timezone);
  const endedMs = instantFlag("--ended", ended, timezone);
  if (beganMs !== undefined && endedMs !== undefined && beganMs >= endedMs) {
    throw new UserError(`--ended: '${ended}' is not after --began, '${began}'; are they swapped?`);
  }
  const part = within(span, beganMs, endedMs);
  if (part) return { span: part, endMs: span.toMs };
  const [from, to] = [span.fromMs, span.toMs].map((ms) => new Date(ms).toISOString());
  const flag = beganMs !== undefined && beganMs >= span.toMs ? "--began" : "--ended";
  throw new UserError(`${flag}: nothing is left of ${month}, which is ${from} to ${to}`);
}

function monthOf(month: string, timezone: string): Span {
  try {
    return monthSpan(month, timezone);
  } catch (cause) {
    throw new UserError(`--month: ${(cause as RangeError).message}`, 2, { cause });
  }
}

function instantFlag(flag: string, text: string | undefined, timezone: string) {
  if (text === undefined) return undefined;
  const ms = instantMs(text);
  if (ms === undefined) throw new UserError(`${flag}: ${whyNoInstant(text, timezone)}`);
  return ms;
}
