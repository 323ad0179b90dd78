import { type Command, Option } from "commander";
import type { OpenMonth, ReportWish } from "../books/open-month.ts";
import type { Fleet } from "../sla/fleet.ts";
import { LANGUAGES, type Language } from "../sla/language.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { monthsAsked } from "./months-asked.ts";
import { reportShelves } from "./report-shelves.ts";
import { sayParts } from "./say.ts";
import { UserError } from "./user-error.ts";

interface ReportFlags {
  readonly month: string;
  readonly instance?: string;
  readonly ledger?: string;
  readonly fleet?: string;
  readonly began?: string;
  readonly ended?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly html?: string;
  readonly language?: Language;
}

export function register(program: Command): void {
  program
    .command("report")
    .description("settle a month of each instance from the rounds in the ledgers: figures, credits")
    .requiredOption("--month <month>", "the calendar month in each instance's zone, like 2026-10")
    .option("--instance <id>", "of this one only")
    .option(
      "--ledger <place>",
      "a directory or s3://BUCKET[/PREFIX],… with copies (default: all sites' ledgers)",
    )
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--began <instant>", "when the --instance began, if that was within the month")
    .option("--ended <instant>", "when it ended, if that was within the month")
    .option("--json", "print one JSON object instead of lines")
    .addOption(new Option("--csv", "print a table for spreadsheets instead").conflicts("json"))
    .option("--html <path>", "write pages as well: a directory; with --instance one file")
    .addOption(
      new Option("--language <code>", "of the pages (default: the fleet says)").choices(LANGUAGES),
    )
    .action(report);
}

/** Throws UserError. */
async function report(flags: ReportFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  if (flags.language !== undefined && flags.html === undefined) {
    throw new UserError("--language: only pages have one; say where they go with --html");
  }
  const { wish, span } = wishOf(flags, fleet);
  const shelves = await reportShelves(flags, fleet, span);
  const { openMonth } = await import("../books/open-month.ts");
  const open = await openMonth(wish, fleet, shelves);
  if (open.instances.length === 0) throw new UserError(nobodyThere(flags));
  await sayParts(await answered(open, fleet, flags));
}

function nobodyThere({ month, instance }: ReportFlags): string {
  const who = instance === undefined ? "no instance" : `${instance} was not there`;
  return `--month: ${who} in ${month}: see began and ended in the fleet file, and who has left (sla status)`;
}

/** Only what the form that is asked for needs is loaded, and read. */
async function answered(open: OpenMonth, fleet: Fleet, flags: ReportFlags) {
  const answers = await import("./report-answers.ts");
  const figures = flags.csv ? answers.answerInCsv : answers.answerInLines;
  if (!flags.json && flags.html === undefined) {
    const { settledMonths } = await import("../books/month-report.ts");
    return answers.gathered(settledMonths(open), await figures(open));
  }
  const { recordedMonths } = await import("../books/month-record.ts");
  const answer = await (flags.json ? answers.answerInJson : figures)(open);
  const records = recordedMonths(open);
  if (flags.html === undefined) return answers.gathered(records, answer);
  // Loading what draws takes as long as all the rest of a start.
  const { writeReport } = await import("./report-pages.ts");
  await writeReport(open, answers.told(records, answer), fleet, { ...flags, html: flags.html });
  return answer.parts();
}

function wishOf(flags: ReportFlags, fleet: Fleet) {
  const { month, instance, began, ended } = flags;
  if (instance === undefined && (began ?? ended) !== undefined) {
    const flag = began === undefined ? "--ended" : "--began";
    throw new UserError(`${flag}: name the --instance that it is said of`);
  }
  const instances = instance === undefined ? fleet.instances : [instanceIn(fleet, instance)];
  const { span, part } = monthsAsked(flags, instances, fleet, Date.now());
  const wish: ReportWish = { month, instances, part, now: Date.now };
  return { wish, span };
}
