import type { Settled } from "../sla/books/availability.ts";
import type { Tally } from "../sla/books/tally.ts";
import { hanging } from "./hanging.ts";

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
  if (objective === null || left === null) return [];
  return ["", ...hanging("  error budget  ", budgetWords(objective, left))];
}

/** `12 minutes more could have been down` */
export const budgetWords = (objective: string, left: number): string =>
  left < 0
    ? `${minutesOf(-left)} more down than ${objective} % allows`
    : `${minutesOf(left)} more could have been down`;

function verdictWords({ objective, held, provable, minutes }: MonthFigures): string {
  const blind = `${minutesOf(minutes.unobserved)} not observed`;
  if (objective === null) return provable ? "Everything was observed." : `NOT PROVABLE: ${blind}.`;
  if (held === null) return `NOT OK: nothing says whether ${objective} % was held; ${blind}.`;
  const verdict = held ? "was held" : "was not held";
  if (!provable) return `NOT PROVABLE: by what was seen ${objective} % ${verdict}; ${blind}.`;
  return held ? `OK: ${objective} % was held.` : `NOT OK: ${objective} % was not held.`;
}

export const minutesOf = (amount: number): string =>
  `${amount} ${amount === 1 ? "minute" : "minutes"}`;
