import { hanging } from "../operator/hanging.ts";
import type { Settled } from "../sla/books/availability.ts";
import type { Tally } from "../sla/books/tally.ts";

export interface MonthFigures extends Tally, Settled {
  readonly month: string;
  /** IANA name. */
  readonly timezone: string;
}

/** A month for people, at most 80 columns. */
export function monthLines(figures: MonthFigures): readonly string[] {
  const { month, timezone, minutes, availability, longestOutageMinutes } = figures;
  const row = (name: string, amount: number, remark = "") =>
    `  ${name.padEnd(12)}${String(amount).padStart(9)}${remark && `  ${remark}`}`;
  return [
    ...hanging("", `${month}, ${timezone}: ${figureWords(availability)}`),
    "",
    row("up", minutes.up),
    row("down", minutes.down, `the longest outage ${longestOutageMinutes}`),
    row("unobserved", minutes.unobserved),
    row("maintenance", minutes.maintenance),
    row("excluded", minutes.excluded),
    row("minutes", minutes.total),
    ...budgetLines(figures),
    "",
    ...hanging("", verdictWords(figures)),
  ];
}

const figureWords = (availability: string | null) =>
  availability === null ? "no minute was up or down" : `available ${availability} %`;

function budgetLines({ objective, errorBudgetMinutes: left }: MonthFigures): string[] {
  if (left === null) return [];
  const words =
    left < 0
      ? `${minutesOf(-left)} more down than ${objective} % allows`
      : `${minutesOf(left)} more could have been down`;
  return ["", ...hanging("  error budget  ", words)];
}

function verdictWords({ objective, held, provable, minutes }: MonthFigures): string {
  const blind = `${minutesOf(minutes.unobserved)} not observed`;
  if (objective === null) return provable ? "Everything was observed." : `NOT PROVABLE: ${blind}.`;
  if (held === null) return `NOT OK: nothing says whether ${objective} % was held; ${blind}.`;
  const verdict = held ? "was held" : "was not held";
  if (!provable) return `NOT PROVABLE: by what was seen ${objective} % ${verdict}; ${blind}.`;
  return held ? `OK: ${objective} % was held.` : `NOT OK: ${objective} % was not held.`;
}

const minutesOf = (amount: number) => `${amount} ${amount === 1 ? "minute" : "minutes"}`;
