import type { Command } from "commander";
import { type Day, dayName } from "../sla/backups/calendar.ts";
import { dayOfDate, forecast } from "../sla/backups/forecast.ts";
import { storageOf } from "../sla/backups/storage.ts";
import { type Choice, chosenPlan } from "./chosen-plan.ts";
import { forecastJson } from "./forecast-json.ts";
import { forecastLines } from "./forecast-lines.ts";
import { databaseSizing, gbFlag } from "./gb-flag.ts";
import { UserError } from "./user-error.ts";
import { writePage } from "./write-page.ts";

interface SimulateFlags extends Choice {
  readonly from: Day;
  readonly days: number;
  readonly miss: readonly Day[];
  readonly size: number;
  readonly dailyChange?: number;
  readonly json?: true;
  readonly html?: string;
}

/** Ten years. */
const MOST_DAYS = 3660;

export function register(program: Command): void {
  program
    .command("simulate")
    .description(
      "say which backups a plan holds from day to day, and whether that keeps its promise",
    )
    .option("--plan <name>", "a preset, or a plan of the fleet")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--instance <id>", "the plan of this instance")
    .option("--timezone <name>", "IANA time zone (default: the provider's; of a preset UTC)")
    .requiredOption("--from <date>", "the first day, like 2026-01-31", dateFlag("--from"))
    .requiredOption("--days <n>", "how many days", daysFlag)
    .option("--miss <dates>", "days without a backup, with commas", missFlag, [])
    .option("--size <gb>", "GB of the database, for the estimate of storage", gbFlag("--size"), 20)
    .option(
      "--daily-change <gb>",
      "GB of it that change a day (default: a fiftieth)",
      gbFlag("--daily-change"),
    )
    .option("--json", "print one JSON object")
    .option("--html <file>", "write a page for customers as well")
    .action(simulate);
}

/** Rules of time zones are known no further back, and those of later by nobody. */
const [FIRST, LAST] = [dayOfDate("1970-01-01"), dayOfDate("2199-12-31")];

const dateFlag = (flag: string) => (text: string) => {
  try {
    return dayOfDate(text);
  } catch (cause) {
    throw new UserError(`${flag}: ${(cause as RangeError).message}`, 2, { cause });
  }
};

const missFlag = (text: string, before: readonly Day[]): readonly Day[] => [
  ...before,
  ...text.split(",").map((date) => dateFlag("--miss")(date.trim())),
];

function daysFlag(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new UserError(`--days: expected a whole number from 1 to ${MOST_DAYS}, got '${text}'`);
}

/** Throws UserError unless all days lie where they can be simulated, and all missed ones among them. */
function checkDays({ from, days, miss }: SimulateFlags): void {
  const last = from + days - 1;
  if (from < FIRST || last > LAST) {
    const asked = days === 1 ? dayName(from) : `${dayName(from)} and ${days - 1} more`;
    throw new UserError(
      `--from, --days: expected days from ${dayName(FIRST)} to ${dayName(LAST)}, got ${asked}`,
    );
  }
  const outside = miss.find((day) => day < from || day > last);
  if (outside === undefined) return;
  throw new UserError(
    `--miss: expected days from ${dayName(from)} to ${dayName(last)}, which are simulated, got ${dayName(outside)}; change --from or --days`,
  );
}

/** Sets the exit code: 0 the promise is kept all the time, 1 not. Throws UserError. */
async function simulate(flags: SimulateFlags): Promise<void> {
  checkDays(flags);
  const { plan, timezone, places } = chosenPlan(flags);
  const { backups, name } = plan;
  if (!backups) throw new UserError(`--plan: ${name} promises no backups; nothing to simulate`);
  const { from, days } = flags;
  const found = forecast({ backups, timezone, from, days, missed: new Set(flags.miss) });
  const storage = storageOf(found.lives, places, databaseSizing(flags), found);
  const asked = { ...{ timezone, from, days }, miss: flags.miss };
  if (flags.html !== undefined) {
    // Loading what draws takes as long as all the rest of a start.
    const { forecastPage } = await import("./forecast-page.ts");
    writePage(flags.html, forecastPage({ ...asked, plan: name, backups, found, storage }));
  }
  if (flags.json) console.log(JSON.stringify(forecastJson(name, timezone, found, storage)));
  else {
    const lines = forecastLines(name, asked, found, storage);
    for (const line of lines) console.log(line);
  }
  if (!found.ok) process.exitCode = 1;
}
