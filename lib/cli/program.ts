import { Command, CommanderError } from "commander";
import { SlaError } from "../../functions/kernel/errors.ts";
import * as abort from "./abort.ts";
import * as ack from "./ack.ts";
import * as adopt from "./adopt.ts";
import * as approve from "./approve.ts";
import * as backups from "./backups.ts";
import * as check from "./check.ts";
import * as cost from "./cost.ts";
import * as download from "./download.ts";
import * as drill from "./drill.ts";
import * as failover from "./failover.ts";
import * as fetched from "./fetch.ts";
import * as incident from "./incident.ts";
import * as leave from "./leave.ts";
import * as local from "./local.ts";
import * as maintenance from "./maintenance.ts";
import * as month from "./month.ts";
import * as recover from "./recover.ts";
import * as report from "./report.ts";
import * as reprotect from "./reprotect.ts";
import * as restoreFiles from "./restore-files.ts";
import * as restoreTest from "./restore-test.ts";
import * as retire from "./retire.ts";
import * as simulate from "./simulate.ts";
import * as status from "./status.ts";
import * as ticket from "./ticket.ts";
import { UserError } from "./user-error.ts";
import * as verify from "./verify.ts";
import * as webhook from "./webhook.ts";

const COMMANDS = [
  drill,
  check,
  simulate,
  cost,
  adopt,
  month,
  report,
  verify,
  local,
  status,
  failover,
  approve,
  ack,
  recover,
  reprotect,
  retire,
  abort,
  backups,
  restoreFiles,
  restoreTest,
  maintenance,
  incident,
  download,
  fetched,
  leave,
  ticket,
  webhook,
];

/**
 * Runs one command line. Returns the exit code: 0 done, 1 a promise does not hold, a person is needed or
 * the cloud does not answer, 2 bad input,
 * 70 a defect of this program (the only case that prints a stack).
 */
export async function run(argv: readonly string[]): Promise<number> {
  const program = commandLine();
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (cause) {
    return exitCodeOf(cause);
  }
}

/** The whole command line, not yet run. */
export function commandLine(): Command {
  const program = new Command("sla")
    .description("Keep and prove a hosting SLA: check it, rehearse its disaster.")
    .exitOverride()
    .showHelpAfterError("(sla --help shows the commands)");
  for (const command of COMMANDS) command.register(program);
  for (const command of program.commands) pointToHelp(command, "sla");
  return program;
}

/** Whoever errs in a command is shown the way to its own flags. */
function pointToHelp(command: Command, before: string): void {
  const path = `${before} ${command.name()}`;
  const what = command.commands.length > 0 ? "its commands" : "its flags";
  command.showHelpAfterError(`(${path} --help shows ${what})`);
  for (const each of command.commands) pointToHelp(each, path);
}

function exitCodeOf(cause: unknown): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
  if (cause instanceof UserError) {
    console.error(`sla: ${cause.message}`);
    return cause.exitCode;
  }
  if (cause instanceof SlaError && cause.blame !== "bug") {
    console.error(`sla: ${cause.message}`);
    return cause.blame === "operator" ? 2 : 1;
  }
  console.error("sla: this is a defect of the program, please report it:");
  console.error(cause);
  return 70;
}
