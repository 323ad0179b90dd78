import { Temporal } from "temporal-polyfill";
import type { Credits } from "../service-terms.ts";
import { type Money, percentOf } from "./money.ts";
import { isBelow, parsePercent, type Share } from "./percent.ts";

export interface Credit {
  /** Of the month's fee, the cap applied. */
  readonly percent: number;
  /** Whoever claims it before this instant has it, in ms. */
  readonly claimBeforeMs: number;
  /** Absent where no fee is known. */
  readonly amount?: Money;
}

export interface Bill {
  /** The month's end, in ms. */
  readonly endMs: number;
  /** IANA name: claim days are days there. */
  readonly timezone: string;
  /** Of the whole month. */
  readonly fee?: Money | undefined;
}

/** What a month earns whoever pays for it; undefined where nothing was sold or nothing missed. */
export function creditFor(
  availability: Share | undefined,
  sold: Credits | undefined,
  bill: Bill,
): Credit | undefined {
  const percent = availability && sold ? earned(availability, sold) : 0;
  if (!sold || percent === 0) return undefined;
  return {
    percent,
    claimBeforeMs: claimBefore(bill, sold.claimDays),
    ...(bill.fee && { amount: percentOf(bill.fee, percent) }),
  };
}

/** Strictly below a band's upper end, at or above its lower one. Where bands overlap the better one counts. */
function earned(availability: Share, { bands, capPercent }: Credits): number {
  const fitting = bands.filter(
    ({ belowPercent, fromPercent }) =>
      isBelow(availability, parsePercent(belowPercent)) &&
      !isBelow(availability, parsePercent(fromPercent)),
  );
  const best = Math.max(0, ...fitting.map(({ creditPercent }) => creditPercent));
  return Math.min(best, capPercent);
}

/** All of so many whole days follow the month. */
function claimBefore({ endMs, timezone }: Bill, days: number): number {
  const end = Temporal.Instant.fromEpochMilliseconds(endMs).toZonedDateTimeISO(timezone);
  const day = end.toPlainDate().add({ days });
  return day.toZonedDateTime(timezone).epochMilliseconds;
}
