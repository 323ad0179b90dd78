import type { InstanceMonth } from "../books/month-report.ts";
import type { OpenMonth } from "../books/open-month.ts";
import type { MonthEvidence } from "../books/seen-minutes.ts";
import { supportWords } from "../books/support-months.ts";
import type { Credit } from "../sla/books/credits.ts";
import type { Eligible, Unmet } from "../sla/books/eligibility.ts";
import { moneyText } from "../sla/books/money.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";
import { claimLines } from "./month-claim-lines.ts";
import { budgetWords, minutesOf } from "./month-lines.ts";

/** More keys than these are in the JSON. */
const SHOWN = 3;

/**
 * A month of a fleet for people, at most 80 columns wide.
 *
 * @param instances lines of each, as below
 */
export function monthReportLines(
  { month, timezone }: Pick<OpenMonth, "month" | "timezone">,
  instances: readonly string[],
  { rounds, unreadable, misplaced, fromTheFuture }: MonthEvidence,
): readonly string[] {
  return [
    ...hanging("", `${month}, ${timezone}, from ${rounds} recorded rounds`),
    ...instances,
    ...(unreadable.length + misplaced.length + fromTheFuture.length > 0 ? [""] : []),
    ...leftOut("records nobody can read", unreadable),
    ...leftOut("records that are not where they belong", misplaced),
    ...leftOut("records from the future", fromTheFuture),
  ];
}

/** One instance of it. */
export function instanceLines(
  found: InstanceMonth,
  { timezone: everybodys }: Pick<OpenMonth, "timezone">,
): readonly string[] {
  const { instance, plan, timezone, minutes, longestOutageMinutes, support } = found;
  const { credit, eligibility } = found;
  const { up, down, unobserved, maintenance, excluded } = minutes;
  const uncounted = maintenance + excluded > 0 ? `, ${maintenance + excluded} not counted` : "";
  const longest = down > 0 ? ` (the longest outage ${longestOutageMinutes})` : "";
  return [
    "",
    ...hanging(`${instance} (${plan}): `, verdictOf(found)),
    ...(timezone === everybodys ? [] : zoneLines(found)),
    ...serviceLines(found),
    ...hanging("  available  ", availableWords(found)),
    ...hanging(
      "  minutes    ",
      `${up} up, ${down} down${longest}, ${unobserved} unobserved${uncounted}`,
    ),
    ...(credit ? hanging("  credit     ", creditWords(credit, timezone)) : []),
    ...(eligibility ? eligibilityLines(eligibility, timezone) : []),
    ...claimLines(found, timezone),
    ...(support ? hanging("  support    ", supportWords(support)) : []),
  ];
}

/** Where it goes by other clocks than the rest. */
const zoneLines = ({ timezone }: InstanceMonth) => hanging("  month of   ", timezone);

/** Where it was not there for all of the month. */
function serviceLines({ span, asked, timezone }: InstanceMonth): readonly string[] {
  if (span.fromMs === asked.fromMs && span.toMs === asked.toMs) return [];
  const at = (ms: number) => localTime(timezone)(new Date(ms).toISOString());
  return hanging("  service    ", `only from ${at(span.fromMs)} to ${at(span.toMs)}`);
}

function verdictOf({ objective, held, provable, minutes }: InstanceMonth): string {
  if (objective === null) return "nothing was sold";
  if (!provable) return `NOT PROVABLE, ${minutesOf(minutes.unobserved)} unobserved`;
  if (held === null) return "nothing to hold";
  return held ? "held" : "NOT HELD";
}

function availableWords({ availability, objective, errorBudgetMinutes }: InstanceMonth): string {
  if (availability === null) return "no minute was up or down";
  const figure = `${availability} %`;
  if (objective === null || errorBudgetMinutes === null) return figure;
  return `${figure}, sold ${objective} %; ${budgetWords(objective, errorBudgetMinutes)}`;
}

function creditWords({ percent, amount, claimBeforeMs }: Credit, timezone: string): string {
  const before = localTime(timezone)(new Date(claimBeforeMs).toISOString());
  const worth = amount ? `: ${moneyText(amount)}` : "";
  return `${percent} % of the month's fee${worth}, if claimed before ${before}`;
}

/** Who may not claim it sees why; what only a person can check is said as it was written. */
function eligibilityLines({ because, toCheck }: Eligible, timezone: string): readonly string[] {
  const at = (ms: number) => localTime(timezone)(new Date(ms).toISOString());
  const why = (unmet: Unmet) => {
    if (unmet.condition === "trialDays") return `in its trial until ${at(unmet.atMs)}`;
    if (unmet.condition === "untilMonthEnd") return `it left ${at(unmet.atMs)}`;
    return `${unmet.sold} months of service are reached ${at(unmet.atMs)}`;
  };
  return [
    ...because.flatMap((unmet) => hanging("  NOT ELIGIBLE ", why(unmet))),
    ...toCheck.flatMap((words) => hanging("  to check   ", words)),
  ];
}

function leftOut(why: string, keys: readonly string[]): readonly string[] {
  const more = keys.length > SHOWN ? `, and ${keys.length - SHOWN} more` : "";
  return keys.length === 0
    ? []
    : hanging("! ", `${why}: ${keys.slice(0, SHOWN).join(", ")}${more}`);
}
