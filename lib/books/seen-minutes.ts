import type { Shelf } from "../../functions/report/answering.ts";
import type { Evidence } from "../../functions/report/contract.ts";
import { LATEST_LOOK_MS, LONGEST_LOOK_MS } from "../../functions/report/day-book.ts";
import { dayOf, daysFrom } from "../../functions/report/days.ts";
import type { Interval } from "../sla/books/minute-sheet.ts";
import type { Span } from "../sla/books/month.ts";
import type { TlsSeen } from "../sla/tls.ts";
import type { SiteSeal } from "./sealed-roll-ups.ts";
import { SeenBook } from "./seen-book.ts";

export interface SeenWish {
  readonly span: Span;
  /** How often each instance that is wanted is looked at, in seconds: of days that are not sealed. */
  readonly everySeconds: ReadonlyMap<string, number>;
  /** In ms; asked again and again, because the watches go on while this reads. */
  readonly now: () => number;
}

export interface Seen {
  /** Of one instance, in no order, and the same as often as several sites saw it. */
  readonly intervalsOf: (instance: string) => readonly Interval[];
  /** Of one instance, the gravest handshake of each day. */
  readonly tlsOf: (instance: string) => readonly TlsSeen[];
  readonly evidence: MonthEvidence;
}

/** What was made of the records of a month. */
export interface MonthEvidence extends Evidence {
  /** Of each site the seal of the last sealed day. */
  readonly seals: readonly SiteSeal[];
  /** Days of sites that were read record by record, because they are not sealed yet. */
  readonly unsealedDays: number;
}

/**
 * What all sites saw of a span: by their roll-ups where a day is sealed, by its records where it is not. Rejects if a shelf does not
 * answer, with `EvidenceChanged` if a roll-up is not what was sealed.
 */
export async function seenMinutes(
  shelves: readonly Shelf[],
  { span, ...wish }: SeenWish,
): Promise<Seen> {
  const book = new SeenBook(shelves, wish);
  const days = daysOf(span);
  await book.read(days);
  return book.seen(days);
}

/** UTC days whose records can hold looks of the span. */
export const daysOf = ({ fromMs, toMs }: Span): readonly string[] =>
  daysFrom(dayOf(fromMs - LONGEST_LOOK_MS - LATEST_LOOK_MS), dayOf(toMs - 1));
