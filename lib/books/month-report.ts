import type { Shelf } from "../../functions/report/answering.ts";
import { type Settled, settle, shareOf } from "../sla/books/availability.ts";
import { type Credit, creditFor } from "../sla/books/credits.ts";
import { type Run, runsOf } from "../sla/books/minute-runs.ts";
import { type Interval, sheetOf } from "../sla/books/minute-sheet.ts";
import { moneyOf } from "../sla/books/money.ts";
import type { Span } from "../sla/books/month.ts";
import { type Tally, tallyOf } from "../sla/books/tally.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { SupportMonth } from "../sla/support/support-month.ts";
import { type TlsMonth, tlsMonth } from "../sla/tls-month.ts";
import { type Claims, readClaims } from "./month-claims.ts";
import { type CountedMonth, countedMonth } from "./month-counts.ts";
import { type MonthEvidence, seenMinutes } from "./seen-minutes.ts";
import { supportMonths } from "./support-months.ts";

/** What of which month, and of whom. */
export interface ReportWish {
  readonly month: string;
  /** IANA name. */
  readonly timezone: string;
  /** The calendar month, or what of it the service was there. */
  readonly span: Span;
  /** The end of the whole month, in ms: claims count from it. */
  readonly endMs: number;
  readonly instances: readonly Instance[];
  /** In ms. */
  readonly now: () => number;
}

export interface InstanceMonth extends Tally, Settled {
  readonly instance: string;
  readonly plan: string;
  readonly credit: Credit | undefined;
  /** The same figures if no incident were left out for its cause. */
  readonly withoutExclusions: Tally & Settled;
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

export interface MonthReport extends Pick<ReportWish, "month" | "timezone"> {
  readonly instances: readonly InstanceMonth[];
  readonly evidence: MonthEvidence;
}

/** A month of each instance, from what all sites saw. Rejects if one does not answer. */
export async function monthReport(
  wish: ReportWish,
  fleet: Pick<Fleet, "plans">,
  shelves: readonly Shelf[],
): Promise<MonthReport> {
  const { month, timezone, span, instances, now } = wish;
  const sold = instances.map((instance) => ({ instance, plan: planOf(instance, fleet) }));
  const everySeconds = new Map(
    sold.map(({ instance: { id }, plan }) => [id, plan.watch.everySeconds]),
  );
  const { intervals, tls, evidence } = await seenMinutes(shelves, { span, everySeconds, now });
  const claims = await readClaims(shelves, instances);
  const months = sold.map(({ instance, plan }) =>
    monthOf(instance, plan, intervals.get(instance.id) ?? [], wish, claims),
  );
  const support = await supportMonths(shelves, sold, { span, now });
  const supported = months.map((each) => {
    const found = support.byInstance.get(each.instance);
    const shaken = tlsMonth(tls.get(each.instance) ?? [], span);
    return { ...each, ...(shaken && { tls: shaken }), ...(found && { support: found }) };
  });
  const unreadable = [...evidence.unreadable, ...claims.unreadable, ...support.unreadable];
  return { month, timezone, instances: supported, evidence: { ...evidence, unreadable } };
}

export function planOf({ id, plan }: Instance, { plans }: Pick<Fleet, "plans">): Plan {
  const found = plans[plan];
  if (!found) throw new Error(`${id} is sold ${plan}, which a checked fleet has`);
  return found;
}

function monthOf(
  instance: Instance,
  plan: Plan,
  seen: readonly Interval[],
  { span, timezone, endMs }: ReportWish,
  claims: Claims,
): InstanceMonth {
  const counted = countedMonth(seen, claims, { instance: instance.id, plan, span });
  const sheet = sheetOf(span, counted.intervals);
  const tally = tallyOf(sheet.minutes());
  const unpardoned = tallyOf(sheetOf(span, counted.withoutExclusions).minutes());
  const { objectivePercent: percent, mostUnobservedMinutes: mostUnobserved } =
    plan.availability ?? {};
  const objective = { percent, mostUnobserved };
  const fee = instance.fee && moneyOf(instance.fee);
  return {
    ...{ instance: instance.id, plan: plan.name },
    ...tally,
    ...settle(tally.minutes, objective),
    credit: creditFor(shareOf(tally.minutes), plan.credits, { endMs, timezone, fee }),
    withoutExclusions: { ...unpardoned, ...settle(unpardoned.minutes, objective) },
    ...{ windows: counted.windows, annotations: counted.annotations },
    runs: runsOf(span, sheet.minutes()),
  };
}
