import type { Clause } from "../sla/backups/clause.ts";
import type { ReasonedLife } from "../sla/backups/history.ts";
import type { Backups } from "../sla/plan.ts";

/** What a clause promises, for who has never seen the plan. */
export function clauseWords(name: string, { rotation }: Backups): string {
  switch (rotation ? name : "") {
    case "days":
      return `Each of the last ${rotation?.days} completed days has ${many(rotation?.perDay ?? 1)}.`;
    case "weeks":
      return `Each of the ${rotation?.weeks} completed weeks before those days has one.`;
    case "months":
      return `Each of the ${rotation?.months} completed months before those weeks has one.`;
    case "count":
      return `At least ${rotation?.count} are there.`;
    case "age":
      return `The oldest is at least ${rotation?.oldestMonths} months old.`;
    default:
      return name === "newest"
        ? "The newest is no older than the schedule, the backup itself and an hour allow."
        : `Backups taken ${name} are there as long as sold.`;
  }
}

const many = (backups: number) => (backups === 1 ? "a backup" : `${backups} backups`);

/** The worst that happened to a clause, in its own unit. */
export function worstWords({ name, worst, margin }: Clause): string {
  if (worst === null) return "not judged yet";
  if (margin === null) return worst > 0 ? "all there" : "one missing";
  if (name === "newest") return `${hours(worst)} old at most`;
  return `${worst}${name === "age" ? " days" : ""} at least`;
}

export function marginWords({ name, margin }: Clause): string {
  if (margin === null) return "";
  return name === "newest" ? hours(margin) : `${margin}${name === "age" ? " days" : ""}`;
}

/** `24 h 15`, of minutes. */
export const hours = (minutes: number): string =>
  `${minutes < 0 ? "-" : ""}${Math.trunc(Math.abs(minutes) / 60)} h ${String(Math.abs(minutes % 60)).padStart(2, "0")}`;

/** The longest kind of period that a backup stood for in the end. */
export type Stands = "month" | "week" | "day";

export function standsOf({ keptBecause }: ReasonedLife): Stands {
  const isFor = (kind: string) => keptBecause.some((reason) => reason.startsWith(kind));
  if (isFor("month ") || isFor("schedule monthly")) return "month";
  return isFor("week ") || isFor("schedule weekly") ? "week" : "day";
}
