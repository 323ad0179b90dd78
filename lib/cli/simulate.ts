import type { Command } from "commander";
import { inspectFleetFile } from "../fleet/parse.ts";
import { FleetError } from "../fleet/problem.ts";
import type { Day } from "../sla/backups/calendar.ts";
import { dayOfDate, type Forecast, forecast } from "../sla/backups/forecast.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { PRESETS } from "../sla/presets.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { forecastLines } from "./forecast-lines.ts";
import { instanceIn } from "./instance-in.ts";
import { UserError } from "./user-error.ts";

interface SimulateFlags {
  readonly plan?: string;
  readonly fleet?: string;
  readonly instance?: string;
  readonly timezone?: string;
  readonly from: Day;
  readonly days: number;
  readonly miss: readonly Day[];
  readonly json?: true;
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
    .option("--json", "print one JSON object")
    .action(simulate);
}

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

/** Sets the exit code: 0 the promise is kept all the time, 1 not. Throws UserError. */
function simulate(flags: SimulateFlags): void {
  const { plan, timezone } = chosen(flags);
  const { backups, name } = plan;
  if (!backups) throw new UserError(`--plan: ${name} promises no backups; nothing to simulate`);
  const { from, days } = flags;
  const found = forecast({ backups, timezone, from, days, missed: new Set(flags.miss) });
  if (flags.json) console.log(JSON.stringify(jsonOf(name, timezone, found)));
  else for (const line of forecastLines(name, { ...flags, timezone }, found)) console.log(line);
  if (!found.ok) process.exitCode = 1;
}

function chosen({ plan, fleet, instance, timezone }: SimulateFlags) {
  if (plan !== undefined && instance !== undefined) {
    throw new UserError("--plan and --instance: an instance has its plan; leave one of them away");
  }
  const preset = plan === undefined || fleet !== undefined ? undefined : PRESETS[plan];
  if (preset) return { plan: preset, timezone: zoneFlag(timezone ?? "UTC") };
  const all = fleetAt(fleetFileOf(fleet));
  const name = plan ?? instanceOf(all, instance).plan;
  return {
    plan: all.plans[name] ?? PRESETS[name] ?? unknownPlan(name, all),
    timezone: zoneFlag(timezone ?? all.provider.timezone),
  };
}

function instanceOf(fleet: Fleet, asked: string | undefined) {
  if (asked !== undefined) return instanceIn(fleet, asked);
  const known = fleet.instances.map(({ id }) => id).join(", ");
  throw new UserError(`name a --plan, or an --instance: the fleet has ${known}`);
}

function unknownPlan(name: string, { plans }: Fleet): Plan {
  const known = [...new Set([...Object.keys(plans), ...Object.keys(PRESETS)])].join(", ");
  throw new UserError(`--plan: there is no '${name}'; there are ${known}`);
}

function zoneFlag(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone && name;
  } catch (cause) {
    throw new UserError(`--timezone: there is no '${name}'; name one like Europe/Zurich`, 2, {
      cause,
    });
  }
}

function fleetAt(path: string): Fleet {
  try {
    const { fleet, problems } = inspectFleetFile(path);
    if (!fleet) throw new FleetError(path, problems);
    return fleet;
  } catch (cause) {
    if (cause instanceof FleetError) throw new UserError(cause.message, 2, { cause });
    throw cause;
  }
}

const instant = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

const jsonOf = (plan: string, timezone: string, found: Forecast) => ({
  plan,
  timezone,
  backups: found.lives.map((life) => ({
    id: life.id,
    takenAt: instant(life.takenMs),
    removedAt: instant(life.removedMs),
    schedules: life.schedules,
    keptBecause: life.keptBecause,
    removedBecause: life.removedBecause ?? null,
  })),
  promise: {
    ok: found.ok,
    clauses: found.clauses.map(({ atMs, ...clause }) => ({ ...clause, at: instant(atMs) })),
    violations: found.violations.map(({ fromMs, toMs, clause, avoidable, detail }) => ({
      ...{ from: instant(fromMs), to: instant(toMs), clause, avoidable, detail },
    })),
  },
  peak: found.peak,
  oldestDays: found.oldestDays,
});
