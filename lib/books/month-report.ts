import { aheadInLanes } from "../../functions/kernel/lanes.ts";
import { type Settled, settle, shareOf } from "../sla/books/availability.ts";
import { type Credit, creditFor } from "../sla/books/credits.ts";
import { type Eligible, eligibleFor } from "../sla/books/eligibility.ts";
import { type Run, runsOf } from "../sla/books/minute-runs.ts";
import { sheetOf } from "../sla/books/minute-sheet.ts";
import { moneyOf } from "../sla/books/money.ts";
import type { Span } from "../sla/books/month.ts";
import { beginOf } from "../sla/books/service-span.ts";
import { type Tally, tallyOf } from "../sla/books/tally.ts";
import type { SupportMonth } from "../sla/support/support-month.ts";
import { type TlsMonth, tlsMonth } from "../sla/tls-month.ts";
import { type CountedMonth, countedMonth } from "./month-counts.ts";
import type { OpenMonth, SoldInstance } from "./open-month.ts";
import { supportOfOne } from "./support-months.ts";

/** What a month of one instance comes to: all that tables of a fleet and mails say of it, and small. */
export interface InstanceFigures extends Tally, Settled {
  readonly instance: string;
  readonly plan: string;
  /** By whose clocks the month is one. IANA name. */
  readonly timezone: string;
  readonly credit: Credit | undefined;
  /** Whether it may be claimed; only where there is one, and the plan says for whom. */
  readonly eligibility?: Eligible;
  /** The same figures if no incident were left out for its cause. */
  readonly withoutExclusions: Tally & Settled;
}

export interface InstanceMonth extends InstanceFigures {
  /** The month, or what of it is asked about. */
  readonly asked: Span;
  /** What of that it was there. */
  readonly span: Span;
  /** What was claimed of the month, and what became of it. */
  readonly windows: CountedMonth["windows"];
  readonly annotations: CountedMonth["annotations"];
  /** Every minute as it counts, in order. */
  readonly runs: readonly Run[];
  /** The gravest handshake of the month, and on how many days there was one. */
  readonly tls?: TlsMonth;
  /** Only where replies were sold. */
  readonly support?: SupportMonth;
}

/** One instance's month, when its turn has come. */
export interface OwnMonth<T extends InstanceMonth = InstanceMonth> {
  readonly settled: T;
  /** Keys of its tickets that nobody can read, or that lie under another's key. */
  readonly unreadableTickets: readonly string[];
}

/** So many are settled at once, or wait to be taken: what one of them reads is there while another is reckoned. */
export const AHEAD = 16;

/** A month of each instance, one after the other. Rejects if a ledger does not answer. */
export const settledMonths = (open: OpenMonth): AsyncGenerator<OwnMonth> =>
  aheadInLanes(AHEAD, open.instances, (sold) => settledMonth(sold, open));

/** What tables of a fleet say, and nothing of what that was made of. Rejects if a ledger does not answer. */
export async function figuresOf(open: OpenMonth): Promise<readonly InstanceFigures[]> {
  const all: InstanceFigures[] = [];
  for await (const { settled } of settledMonths(open)) {
    const {
      asked: _asked,
      span: _span,
      windows: _w,
      annotations: _a,
      runs: _r,
      tls: _t,
      support: _s,
      ...figures
    } = settled;
    all.push(figures);
  }
  return all;
}

export async function settledMonth(sold: SoldInstance, open: OpenMonth): Promise<OwnMonth> {
  const { shelves, nowMs } = open;
  const { instance, plan, span } = sold;
  const { id } = instance;
  const { support, unreadable } = await supportOfOne(shelves, instance, {
    ...{ plan, span, nowMs },
  });
  const tls = tlsMonth(open.seen.tlsOf(id), span);
  const settled = { ...monthOf(sold, open), ...(tls && { tls }), ...(support && { support }) };
  return { settled, unreadableTickets: unreadable };
}

function monthOf(
  { instance, plan, timezone, asked, span, endMs }: SoldInstance,
  { seen, claims }: OpenMonth,
): InstanceMonth {
  const { id } = instance;
  const counted = countedMonth(seen.intervalsOf(id), claims, { instance: id, plan, span });
  const sheet = sheetOf(span, counted.intervals);
  const tally = tallyOf(sheet.minutes());
  const unpardoned = tallyOf(sheetOf(span, counted.withoutExclusions).minutes());
  const { objectivePercent: percent, mostUnobservedMinutes: mostUnobserved } =
    plan.availability ?? {};
  const objective = { percent, mostUnobserved };
  const fee = instance.fee && moneyOf(instance.fee);
  const credit = creditFor(shareOf(tally.minutes), plan.credits, { endMs, timezone, fee });
  const terms = credit && plan.credits?.eligibility;
  const beganMs = instance.began === undefined ? undefined : beginOf(instance.began, timezone);
  return {
    ...{ instance: id, plan: plan.name, timezone },
    ...tally,
    ...settle(tally.minutes, objective),
    credit,
    ...(terms && { eligibility: eligibleFor(terms, { beganMs, asked, span, endMs, timezone }) }),
    withoutExclusions: { ...unpardoned, ...settle(unpardoned.minutes, objective) },
    ...{ windows: counted.windows, annotations: counted.annotations },
    ...{ asked, span, runs: runsOf(span, sheet.minutes()) },
  };
}
