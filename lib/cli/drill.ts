import { join } from "node:path";
import type { Command } from "commander";
import { faultTable, leftOutLines, roundLines } from "../drill/fault-table.ts";
import { FAULTS } from "../drill/faults.ts";
import { fleetIn } from "../drill/fleet-in.ts";
import { collectAbsences, type Matrix, type PlannedRun, planMatrix } from "../drill/matrix.ts";
import { chooseVictim, EVERYTHING, numberWithin, wholeNumberWithin } from "../drill/options.ts";
import { timelineLine, verdictLines } from "../drill/print.ts";
import type { DrillResult } from "../drill/result.ts";
import { type Intent, RunBook } from "../drill/run-book.ts";
import type { Instance } from "../sla/fleet.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { type GameDayFlags, gameDay, parseWithin, refuseGameDayFlags } from "./game-day.ts";
import { reportDirectory, stamp } from "./report-directory.ts";
import { UserError } from "./user-error.ts";

interface DrillFlags extends Omit<Intent, "fleet">, Omit<GameDayFlags, "instance"> {
  readonly aws?: true;
  readonly out: string;
  readonly resume?: string;
  readonly assembly?: string;
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
    .option(
      "--without <what>",
      "what no longer answers: route53, sns, s3-home, vantage:REGION; several with commas, or all in turn",
      collectAbsences,
      [],
    )
    .option("--there-and-back", "after a failover: wait for a new standby, then move back home")
    .option("--deployed", "let the CDK bootstrap and deploy, as on AWS, instead of reading cdk.out")
    .option("--pace <n>", "divide configured waits by n", numberWithin("--pace", 1, 600), 60)
    .option("--runs <n>", "rounds, each on fresh clouds", wholeNumberWithin("--runs", 1, 1000), 1)
    .option("--resume <dir>", "go on with the several runs that were begun in this directory")
    .option("--out <dir>", "where report.html and report.json go", "drills")
    .option("--assembly <dir>", "deploy this cdk.out instead of synthesizing")
    .option("--json", "print one JSON object a run, one line each; with all: one array")
    .option("--keep", "keep the run's directory: databases, mails, logs")
    .option("--aws", "a game day: cut a primary of the account itself off, and measure")
    .option("--reason <text>", "of a game day: why; it stays as evidence")
    .option(
      "--within <duration>",
      "of a game day: called off after it (default: the RTO)",
      parseWithin,
    )
    .option("--dry-run", "of a game day: say what would happen and what stands in its way")
    .option("--give-back", "end a game day that was left: its primary gets its clients back")
    .action((flags: DrillFlags, command: Command) =>
      flags.aws ? gameDay(flags, command) : drill(flags, command),
    );
}

/** What was decided before anything starts. */
interface Session {
  readonly flags: DrillFlags;
  readonly intent: Intent;
  readonly victim: Instance;
  readonly matrix: Matrix;
  readonly directory: string;
  readonly book: RunBook;
  readonly say: (line: string) => void;
}

async function drill(flags: DrillFlags, command: Command): Promise<void> {
  refuseGameDayFlags(flags);
  // Whatever can be wrong with the command line is said before anything starts.
  const session = await begin(flags, command);
  const { matrix, book } = session;
  const { writeReport } = await import("../drill/report.ts");
  const there = await book.results(matrix.runs);
  const all = new Map(there);
  let results = inOrder(all);
  try {
    for await (const [index, result] of drillEach(session, there)) {
      results = inOrder(all.set(index, result));
      await writeReport(session.directory, results);
    }
  } finally {
    // A run that cannot even begin ends them all; what the others found is told.
    for (const line of lastLines(results, session)) session.say(line);
    if (flags.json && isMatrix(session)) console.log(JSON.stringify(results));
  }
  if (!results.every(({ ok }) => ok)) process.exitCode = 1;
}

const inOrder = (results: ReadonlyMap<number, DrillResult>): readonly DrillResult[] =>
  [...results].toSorted(([one], [other]) => one - other).map(([, result]) => result);

async function begin(flags: DrillFlags, command: Command): Promise<Session> {
  const resumed = flags.resume === undefined ? undefined : await resume(flags.resume, command);
  const { fault, without, pace, runs, instance, thereAndBack, deployed } = resumed ?? flags;
  const fleetFile = resumed?.fleet ?? fleetFileOf(flags.fleet);
  const chosen = {
    ...{ fault, without, pace, runs },
    ...(instance !== undefined && { instance }),
    ...(thereAndBack && { thereAndBack }),
    ...(deployed && { deployed }),
  };
  const fleet = await fleetIn(fleetFile);
  const victim = chooseVictim(fleet, instance);
  const matrix = planMatrix({ ...chosen, rounds: runs }, fleet, victim);
  const directory =
    flags.resume ?? (await reportDirectory(flags.out, `${stamp(new Date())}-${fault}`));
  // JSON has standard output to itself.
  const say = flags.json ? console.error : console.log;
  const intent = { ...chosen, fleet: fleetFile };
  return { flags, intent, victim, matrix, directory, book: new RunBook(directory), say };
}

/** Of several runs, the command that began them has said what they are. */
const DECIDED = [
  "fleet",
  "instance",
  "fault",
  "without",
  "pace",
  "runs",
  "out",
  "thereAndBack",
  "deployed",
];

function resume(directory: string, command: Command): Promise<Intent> {
  const again = DECIDED.find((name) => command.getOptionValueSource(name) === "cli");
  if (again === undefined) return new RunBook(directory).intent();
  throw new UserError(`--resume: ${directory} goes on as it was begun; leave --${again} away`);
}

const isMatrix = ({ intent: { fault, without } }: Session) =>
  fault === EVERYTHING || without.includes(EVERYTHING);

async function* drillEach(
  session: Session,
  there: ReadonlyMap<number, DrillResult>,
): AsyncGenerator<readonly [index: number, result: DrillResult]> {
  const { intent, matrix, book, say } = session;
  const { runs } = matrix;
  const isOne = runs.length === 1;
  if (there.size > 0) say(`${there.size} of ${runs.length} runs are there already`);
  if (!isOne) say(`if it is cut, it goes on with: sla drill --resume ${session.directory}`);
  for (const [index, run] of runs.entries()) {
    if (there.has(index)) continue;
    if (!isOne) say(`run ${index + 1} of ${runs.length}: ${run.name}`);
    const result = await drillOnce(session, run);
    if (!isOne) await book.keep(intent, run, index, result);
    tellResult(result, session);
    yield [index, result];
  }
}

function tellResult(result: DrillResult, session: Session): void {
  if (session.flags.json && !isMatrix(session)) console.log(JSON.stringify(result));
  for (const line of verdictLines(result)) session.say(line);
}

function lastLines(results: readonly DrillResult[], { matrix, directory, intent }: Session) {
  if (results.length === 0) return [];
  const { runs, leftOut } = matrix;
  return [
    ...(runs.length > 1 ? ["", ...faultTable(results)] : []),
    ...(leftOut.length > 0 ? ["", ...leftOutLines(leftOut)] : []),
    ...(intent.runs > 1 ? ["", ...roundLines(results, runs.length / intent.runs)] : []),
    ...(results.length < runs.length
      ? ["", `${runs.length - results.length} runs left: sla drill --resume ${directory}`]
      : []),
    "",
    `report: ${join(directory, "report.html")}`,
    `        ${join(directory, "report.json")}`,
  ];
}

async function drillOnce(session: Session, run: PlannedRun): Promise<DrillResult> {
  const { fault, absences, goesBack } = run;
  const { flags, intent, victim, say } = session;
  const [{ setStage }, { runDrill }] = await theCloud();
  const progress = (line: string) => say(`  ${line}`);
  const { keep = false, assembly } = flags;
  const stage = await setStage({
    fleetFile: intent.fleet,
    pace: intent.pace,
    keep,
    progress,
    keepsBackups: fault.restores === "just before",
    isDeployed: intent.deployed ?? false,
    ...(assembly !== undefined && { assembly }),
  });
  try {
    stage.cloud.services.startSchedules();
    const tell: Parameters<typeof runDrill>[0]["tell"] = (entry, zero) =>
      say(timelineLine(entry, zero));
    return await runDrill({
      ...{ stage, victim, fault, without: absences, progress, tell },
      ...(goesBack && { thereAndBack: ROWS_THERE }),
    });
  } finally {
    await stage.close();
  }
}

/** Written on the new primary before it is moved back: some seconds of the drill's clients. */
const ROWS_THERE = 200;

/** Loaded when a drill begins: what is wrong with the command line is said without it. */
const theCloud = () => Promise.all([import("../drill/stage.ts"), import("../drill/drill.ts")]);
