import type { Credit } from "../sla/books/credits.ts";
import { decimalOf } from "../sla/books/money.ts";
import type { MonthReport } from "./month-report.ts";

/** What `sla report --json` prints; the figures of an instance are those of `sla month`. */
export const monthReportJson = ({ month, timezone, instances, evidence }: MonthReport) => ({
  month,
  timezone,
  instances: instances.map((each) => ({
    ...{ instance: each.instance, plan: each.plan, minutes: each.minutes },
    ...{ availability: each.availability, objective: each.objective, held: each.held },
    ...{ provable: each.provable, longestOutageMinutes: each.longestOutageMinutes },
    errorBudgetMinutes: each.errorBudgetMinutes,
    credit: creditJson(each.credit),
  })),
  evidence,
});

const creditJson = (credit: Credit | undefined) =>
  credit
    ? {
        percent: credit.percent,
        amount: credit.amount ? decimalOf(credit.amount) : null,
        currency: credit.amount?.currency ?? null,
        claimBefore: new Date(credit.claimBeforeMs).toISOString(),
      }
    : null;
