import { join } from "node:path";
import type { Command } from "commander";
import { faultTable } from "../drill/fault-table.ts";
import { FAULTS, type Fault } from "../drill/faults.ts";
import {
  chooseFaults,
  chooseService,
  chooseVictim,
  numberWithin,
  wholeNumberWithin,
} from "../drill/options.ts";
import { timelineLine, verdictLines } from "../drill/print.ts";
import type { DrillResult } from "../drill/result.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { reportDirectory, stamp } from "./report-directory.ts";

interface DrillFlags {
  readonly fleet?: string;
  readonly instance?: string;
  readonly fault: string;
  readonly without?: string;
  readonly pace: number;
  readonly runs: number;
  readonly out: string;
  readonly assembly?: string;
  readonly json?: true;
  readonly keep?: true;
}

const NAMES = FAULTS.map(({ name }) => name);

export function register(program: Command): void {
  program
    .command("drill")
    .description("rehearse a disaster on the local cloud and judge it against the plan")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--instance <id>", "which instance to break (default: the first with a standby)")
    .option("--fault <name>", `one of ${NAMES.join(", ")}, or all of them in turn`, "kill")
    .option("--without <service>", "whose API no longer answers: route53", chooseService)
    .option("--pace <n>", "divide configured waits by n", numberWithin("--pace", 1, 600), 60)
    .option("--runs <n>", "repeat on a fresh cloud", wholeNumberWithin("--runs", 1, 1000), 1)
    .option("--out <dir>", "where report.html and report.json go", "drills")
    .option("--assembly <dir>", "deploy this cdk.out instead of synthesizing")
    .option("--json", "print one JSON object a run, one line each")
    .option("--keep", "keep the run's directory: databases, mails, logs")
    .action(drill);
}

async function drill(flags: DrillFlags): Promise<void> {
  // Whatever can be wrong with the command line is said before anything starts.
  const fleetFile = fleetFileOf(flags.fleet);
  const faults = chooseFaults(flags.fault);
  const directory = await reportDirectory(flags.out, `${stamp(new Date())}-${flags.fault}`);
  const { writeReport } = await import("../drill/report.ts");
  // JSON has standard output to itself.
  const say = flags.json ? console.error : console.log;
  const planned = Array.from({ length: flags.runs }, () => faults).flat();
  const results: DrillResult[] = [];
  try {
    for await (const result of drillEach(planned, flags, fleetFile, say)) {
      results.push(result);
      await writeReport(directory, results);
    }
  } finally {
    // A run that cannot even begin ends them all; what the others found is told.
    for (const line of lastLines(results, directory)) say(line);
  }
  if (!results.every(({ ok }) => ok)) process.exitCode = 1;
}

async function* drillEach(
  planned: readonly Fault[],
  flags: DrillFlags,
  fleetFile: string,
  say: (line: string) => void,
): AsyncGenerator<DrillResult> {
  for (const [index, fault] of planned.entries()) {
    if (planned.length > 1) say(`run ${index + 1} of ${planned.length}: ${fault.name}`);
    const result = await drillOnce(flags, fleetFile, fault, say);
    if (flags.json) console.log(JSON.stringify(result));
    for (const line of verdictLines(result)) say(line);
    yield result;
  }
}

function lastLines(results: readonly DrillResult[], directory: string): string[] {
  if (results.length === 0) return [];
  return [
    ...(results.length > 1 ? ["", ...faultTable(results)] : []),
    "",
    `report: ${join(directory, "report.html")}`,
    `        ${join(directory, "report.json")}`,
  ];
}

async function drillOnce(
  flags: DrillFlags,
  fleetFile: string,
  fault: Fault,
  say: (line: string) => void,
): Promise<DrillResult> {
  const [{ setStage }, { runDrill }] = await theCloud();
  const progress = (line: string) => say(`  ${line}`);
  const { pace, keep = false, assembly } = flags;
  const chosen = { fleetFile, pace, keep, progress, ...(assembly !== undefined && { assembly }) };
  const stage = await setStage({
    ...chosen,
    accept: (fleet) => chooseVictim(fleet, flags.instance),
  });
  try {
    const victim = chooseVictim(stage.fleet, flags.instance);
    stage.cloud.services.startSchedules();
    return await runDrill({
      stage,
      victim,
      fault,
      without: flags.without === undefined ? [] : [flags.without],
      progress,
      tell: (entry, zero) => say(timelineLine(entry, zero)),
    });
  } finally {
    await stage.close();
  }
}

/** Loaded when a drill begins: what is wrong with the command line is said without it. */
const theCloud = () => Promise.all([import("../drill/stage.ts"), import("../drill/drill.ts")]);
