import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import type { Considered } from "../operator/consider.ts";
import { parseLoss, refuseContradiction, type Wish } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { reasonOf, reasonToAct } from "./reason-flag.ts";
import { say, tellStep } from "./say.ts";

interface FailoverFlags {
  readonly fleet?: string;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly allowLoss?: ReturnType<typeof parseLoss>;
  readonly evenIfAlive?: true;
  readonly force?: true;
  readonly planned?: true;
  readonly continue?: string;
  readonly detach?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  const command = program
    .command("failover")
    .description("move an instance to its standby: fence, promote, flip, prove")
    .argument("<id>", "the instance");
  reasonToAct<FailoverFlags>(command, ({ dryRun }) => !dryRun)
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--planned", "move what serves, also back home; hold its writes, lose none of them")
    .option("--dry-run", "say what would be done and what would halt it; start nothing")
    .option("--allow-loss <duration>", "writes that may be lost, like 7m, or any", parseLoss)
    .option("--even-if-alive", "though the instance answers or its database still commits")
    .option("--force", "in spite of a failover just before, or of maintenance that holds it back")
    .option("--continue <failover>", "go on with one that halted")
    .option("--detach", "start it and do not wait for its end")
    .option("--json", "print one JSON object instead of lines")
    .action(failover);
}

/** Sets the exit code: 0 done, 1 halted or would halt. Throws UserError. */
async function failover(id: string, flags: FailoverFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const wish = wishOf(id, flags);
  const [{ accessTo }, { consider }, words, { failoverJson }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/consider.ts"),
    import("../operator/outlook-lines.ts"),
    import("../operator/failover-json.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const considered = await consider(access, instance, wish, flags.continue);
  const refusal = words.refusalLines(considered, commandOf(id, flags));
  if (refusal) process.exitCode = 1;
  const ends = refusal !== undefined || flags.dryRun === true;
  if (ends && flags.json) return say(JSON.stringify(failoverJson(considered)));
  if (flags.dryRun) say(`${id}: nothing is started\n`, ...words.outlookLines(considered), "");
  if (refusal) return say(...refusal);
  if (flags.dryRun) return say("Nothing known stands in its way.");
  await begin(access, considered, flags);
}

/** Throws UserError if flags contradict each other. */
function wishOf(instance: string, flags: FailoverFlags): Wish {
  const { force = false, evenIfAlive = false, planned = false, allowLoss } = flags;
  const wish = { instance, reason: reasonOf(flags), force, evenIfAlive, planned };
  const said = { ...wish, ...(allowLoss !== undefined && { allowLoss }) };
  refuseContradiction(said);
  return said;
}

async function begin(access: Access, considered: Considered, { json, detach }: FailoverFlags) {
  const [{ personsExecutionName }, { follow }, { folderOf, haltLines }, { failoverJson }, ending] =
    await Promise.all([
      import("../../functions/failover/person.ts"),
      import("../operator/follow.ts"),
      import("../operator/halt-lines.ts"),
      import("../operator/failover-json.ts"),
      import("../operator/ending.ts"),
    ]);
  const { region, request, now } = considered;
  const { instance } = request;
  const tell = (...lines: readonly string[]) => json || say(...lines);
  const name = personsExecutionName(request, now);
  const execution = await access.machines.start(region, name, request);
  const begun = { ...failoverJson(considered), execution };
  tell(`started ${name} in ${region}`);
  if (detach) return void (json && say(JSON.stringify(begun)));
  tell(
    "it goes on without this terminal; sla status shows it, sla abort stops it before it promotes",
  );
  const { succeeded } = await follow(access, execution, json ? () => {} : tellStep);
  if (!succeeded) process.exitCode = 1;
  const [ledger, folder] = [access.ledgers(region), folderOf(execution, request.continues)];
  if (json) {
    const ended = await ending.endingOf(ledger, instance, folder, succeeded);
    return say(JSON.stringify({ ...begun, ...ended }));
  }
  say(...(succeeded ? [`${instance}: done`] : await haltLines(ledger, instance, folder)));
}

/** The command line as it was given, without what it accepts and what only looks. */
function commandOf(id: string, flags: FailoverFlags): string {
  return [
    `npx sla failover ${id} --reason '${reasonOf(flags).replaceAll("'", "'\\''")}'`,
    ...(flags.fleet === undefined ? [] : [`--fleet ${flags.fleet}`]),
    ...(flags.planned ? ["--planned"] : []),
    ...(flags.continue === undefined ? [] : [`--continue ${flags.continue}`]),
  ].join(" ");
}
