import type { Command } from "commander";
import { type MonthFigures, monthLines } from "../operator/month-lines.ts";
import { settle } from "../sla/books/availability.ts";
import { sheetOf } from "../sla/books/minute-sheet.ts";
import { parsePercent } from "../sla/books/percent.ts";
import { tallyOf } from "../sla/books/tally.ts";
import { intervalsOf, WANTED } from "./month-intervals.ts";
import { say } from "./say.ts";
import { spanAsked } from "./span-asked.ts";
import { type Input, textOf } from "./standard-input.ts";
import { UserError } from "./user-error.ts";
import { zoneFlag } from "./zone-flag.ts";

interface MonthFlags {
  readonly month: string;
  readonly timezone: string;
  readonly began?: string;
  readonly ended?: string;
  readonly objective?: string;
  readonly mostUnobserved?: number;
  readonly json?: true;
}

const HELP = `
Standard input is a JSON array of {from, to, state}: instants are ISO 8601 with
a zone, the state is up, down, unobserved, maintenance or excluded. Order does
not matter, gaps are unobserved. A minute takes the first of these states that
touches it:
  maintenance, excluded, down, up, unobserved
Availability is up / (up + down), rounded down. It is provable if the objective
would have been held, or missed, whatever the unobserved minutes were.
Exit code 0 whatever the month was like, 2 for bad input.`;

export function register(program: Command, input: () => Input = () => process.stdin): void {
  program
    .command("month")
    .description("settle one calendar month of anyone's monitoring: availability, downtime, budget")
    .requiredOption("--month <month>", "the calendar month, like 2026-10")
    .requiredOption("--timezone <name>", "IANA time zone of the calendar", zoneFlag)
    .option("--began <instant>", "when the service began, if that was within the month")
    .option("--ended <instant>", "when it ended, if that was within the month")
    .option("--objective <percent>", "what was promised, like 99.9", objectiveFlag)
    .option(
      "--most-unobserved <minutes>",
      "provable with so many (default: as many as cannot change the verdict)",
      minutesFlag,
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", HELP)
    .action((flags: MonthFlags) => month(flags, input()));
}

/** Throws UserError. */
async function month(flags: MonthFlags, input: Input): Promise<void> {
  const { timezone, objective, mostUnobserved } = flags;
  const { span } = spanAsked(flags, Date.now());
  const text = await textOf(input, WANTED);
  const tally = tallyOf(sheetOf(span, intervalsOf(text, timezone)).minutes());
  const settled = settle(tally.minutes, { percent: objective, mostUnobserved });
  const figures = { month: flags.month, timezone, ...tally, ...settled };
  if (flags.json) say(JSON.stringify(jsonOf(figures)));
  else say(...monthLines(figures));
}

/** Written out, so that the order of keys is that of the documentation. */
const jsonOf = (figures: MonthFigures) => ({
  month: figures.month,
  timezone: figures.timezone,
  minutes: figures.minutes,
  availability: figures.availability,
  objective: figures.objective,
  held: figures.held,
  provable: figures.provable,
  longestOutageMinutes: figures.longestOutageMinutes,
  errorBudgetMinutes: figures.errorBudgetMinutes,
});

function objectiveFlag(text: string): string {
  try {
    if (parsePercent(text).parts > 0n) return text.trim();
  } catch (cause) {
    throw new UserError(`--objective: ${(cause as RangeError).message}`, 2, { cause });
  }
  throw new UserError(
    `--objective: expected more than 0 and at most 100, like 99.9, got '${text}'`,
  );
}

function minutesFlag(text: string): number {
  const minutes = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (minutes >= 0) return minutes;
  throw new UserError(
    `--most-unobserved: expected a whole number of minutes, like 10, got '${text}'`,
  );
}
