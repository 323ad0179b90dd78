import { instantMs, isBefore, whyNoInstant } from "../operator/instant.ts";
import { minutesIn, monthSpan, type Span, within } from "../sla/books/month.ts";
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
export function spanAsked(asked: MonthAsked, nowMs: number): Asked {
  const { month, timezone, began, ended } = asked;
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
  if (began !== undefined && ended !== undefined && !isBefore(began, ended)) {
    throw new UserError(`--ended: '${ended}' is not after --began, '${began}'; are they swapped?`);
  }
  const part = within(span, beganMs, endedMs);
  if (part && minutesIn(part) > 0) return { span: part, endMs: span.toMs };
  throw nothingLeft(asked, span, { part, beganMs });
}

function nothingLeft(
  { month, began, ended }: MonthAsked,
  { fromMs, toMs }: Span,
  { part, beganMs }: { readonly part: Span | undefined; readonly beganMs: number | undefined },
): UserError {
  if (part && began !== undefined && ended !== undefined) {
    return new UserError(
      `--ended: no minute begins from '${began}' to '${ended}': there is nothing to count`,
    );
  }
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  const isAfter = beganMs !== undefined && beganMs >= toMs;
  const flag = isAfter || ended === undefined ? "--began" : "--ended";
  return new UserError(`${flag}: nothing is left of ${month}, which is ${from} to ${to}`);
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
  // A minute belongs to the span in which it begins.
  const ms = instantMs(text, "ceil");
  if (ms === undefined) throw new UserError(`${flag}: ${whyNoInstant(text, timezone)}`);
  return ms;
}
