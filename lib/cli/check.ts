import type { Command } from "commander";
import { inspectFleetFile } from "../fleet/parse.ts";
import { FleetError, type Problem } from "../fleet/problem.ts";
import { hanging } from "../operator/hanging.ts";
import { withoutStopFlag } from "../sla/cells.ts";
import { checkPromises } from "../sla/check.ts";
import { unlikePostgres } from "../sla/engine-warnings.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { PromiseLine } from "../sla/promise-line.ts";
import { beyondQuotas, lambdaQuotaLine, quotaNeeds } from "../sla/quotas.ts";
import { waitingForOthers } from "../sla/region-incident.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { fleetOf } from "./fleet-of.ts";
import { promiseTable, summaryOf } from "./promise-table.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

interface CheckOptions {
  readonly json?: boolean;
  readonly live?: boolean;
}

export function register(program: Command): void {
  program
    .command("check")
    .description("say for each instance and promise whether this configuration can keep it")
    .argument("[fleet]", "the fleet's file (default: fleet.yaml, else the example)")
    .option("--live", "look at the account instead: drift, quotas, names, TLS; changes nothing")
    .option("--json", "print one JSON object instead of a table")
    .action((file: string | undefined, options: CheckOptions) =>
      options.live ? checkLive(file, options) : check(file, options),
    );
}

/** Sets the exit code: 1 if something is broken or was not looked at. Throws UserError. */
async function checkLive(file: string | undefined, { json = false }: CheckOptions): Promise<void> {
  const fleet = fleetOf(file);
  // On the local cloud names of applications are known to its own DNS only.
  if (process.env["SLA_LOCAL_DNS"]) await import("../local-cloud/processes/network-layer.ts");
  const [{ liveNow }, { liveLines }] = await Promise.all([
    import("../operator/live/now.ts"),
    import("../operator/live/live-lines.ts"),
  ]);
  const progress = (line: string) => console.error(`sla: ${line}`);
  const report = await liveNow(fleet, { env: process.env, progress });
  const { looked: _looked, ...shown } = report;
  say(...(json ? [JSON.stringify(shown)] : liveLines(report)));
  const isWell =
    report.unlooked.length === 0 && report.findings.every(({ weight }) => weight === "risk");
  if (!isWell) process.exitCode = 1;
}

/** Prints every promise. Sets the exit code: 0 all kept, 1 a promise cannot be kept. Throws UserError. */
export async function check(file?: string, { json = false }: CheckOptions = {}): Promise<void> {
  const path = fleetFileOf(file);
  const { fleet, lines, problems, warnings } = examined(path);
  if (json) {
    const quotas = quotaNeeds(fleet);
    console.log(JSON.stringify({ ...jsonOf(path, lines), warnings, quotas }, null, 2));
  } else {
    print(path, lines, problems);
    for (const line of warnings.flatMap((warning) => hanging("! ", warning))) console.log(line);
    for (const line of hanging("", lambdaQuotaLine(fleet))) console.log(line);
  }
  if (lines.some(({ status }) => status === "broken")) process.exitCode = 1;
}

function examined(path: string) {
  try {
    const { fleet, problems } = inspectFleetFile(path);
    if (!fleet) throw new FleetError(path, problems);
    return { fleet, lines: checkPromises(fleet), problems, warnings: warningsOf(fleet) };
  } catch (cause) {
    if (cause instanceof FleetError) throw new UserError(cause.message, 2, { cause });
    throw cause;
  }
}

/** What no promise speaks of, and a night will. */
const warningsOf = (fleet: Fleet): readonly string[] => [
  ...withoutStopFlag(fleet),
  ...waitingForOthers(fleet),
  ...beyondQuotas(fleet),
  ...unlikePostgres(fleet),
];

function jsonOf(fleet: string, promises: readonly PromiseLine[]) {
  return { fleet, ok: promises.every(({ status }) => status !== "broken"), promises };
}

function print(path: string, lines: readonly PromiseLine[], problems: readonly Problem[]): void {
  console.log(promiseTable(lines, process.stdout.isTTY === true));
  console.log(`\n${summaryOf(lines)}`);
  for (const { line, column, path: where } of problems) {
    console.log(`  ${path}:${line}:${column} ${where}`);
  }
}
