import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { parseAt, type RecoverWish, refuseElsewhere } from "../operator/recover-wish.ts";
import type { RecoveryPlan } from "../operator/recovery-plan.ts";
import { parseLoss } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { reasonOf, reasonToAct } from "./reason-flag.ts";
import { say, tellStep } from "./say.ts";
import { refuseUnbuilt } from "./unbuilt.ts";

interface RecoverFlags {
  readonly fleet?: string;
  readonly reason?: string;
  readonly to?: string;
  readonly at?: string;
  readonly dryRun?: true;
  readonly allowLoss?: ReturnType<typeof parseLoss>;
  readonly evenIfAlive?: true;
  readonly evenWithStandby?: true;
  readonly continue?: string;
  readonly detach?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  const command = program
    .command("recover")
    .description("bring an instance back from a backup or from logs: restore, fence, flip, prove")
    .argument("<id>", "the instance");
  reasonToAct<RecoverFlags>(command, ({ dryRun }) => !dryRun)
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--to <region>", "where to (default: where least is lost)")
    .option("--at <instant>", "its data of this instant, like 2026-11-22T14:03+01:00")
    .option("--dry-run", "say from what, and what would be lost; start nothing")
    .option("--allow-loss <duration>", "writes that may be lost, like 30h, or any", parseLoss)
    .option("--even-if-alive", "though the instance answers")
    .option("--even-with-standby", "though a standby streams, which loses less")
    .option("--continue <recovery>", "go on with one that halted")
    .option("--detach", "start it and do not wait for its end")
    .option("--json", "print one JSON object instead of lines")
    .action(recover);
}

/** Sets the exit code: 0 done, 1 halted or would halt. Throws UserError. */
async function recover(id: string, flags: RecoverFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  refuseUnbuilt(instance, "recover");
  const wish = wishOf(flags, fleet.provider.timezone);
  refuseElsewhere(wish, instance, fleet);
  const [{ accessTo }, { planRecovery }, words, { recoveryJson }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/recover.ts"),
    import("../operator/recover-lines.ts"),
    import("../operator/recover-json.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const plan = await planRecovery(access, instance, wish);
  const refusal = words.recoverRefusal(plan, commandOf(id, flags));
  if (refusal) process.exitCode = 1;
  if (flags.json && (refusal || flags.dryRun)) return say(JSON.stringify(recoveryJson(plan)));
  if (!flags.json) {
    const begins = flags.dryRun || refusal ? `${id}: nothing is started\n` : `${id}:\n`;
    say(begins, ...words.recoverLines(plan, fleet.provider.timezone), "");
  }
  if (refusal) return say(...refusal);
  if (flags.dryRun) return say("Nothing known stands in its way.");
  await begin(access, plan, flags);
}

function wishOf(flags: RecoverFlags, timezone: string): RecoverWish {
  const { to, at, allowLoss, continue: continues } = flags;
  return {
    reason: reasonOf(flags),
    ...(to !== undefined && { to }),
    ...(at !== undefined && { at: parseAt(at, new Date(), timezone) }),
    ...(allowLoss !== undefined && { allowLoss }),
    ...(continues !== undefined && { continues }),
    evenIfAlive: flags.evenIfAlive === true,
    evenWithStandby: flags.evenWithStandby === true,
  };
}

async function begin(access: Access, plan: RecoveryPlan, { json, detach }: RecoverFlags) {
  const [{ follow }, { folderOf, haltLines }, records, { recoveryJson }, { endingOf }] =
    await Promise.all([
      import("../operator/follow.ts"),
      import("../operator/halt-lines.ts"),
      import("../operator/recover-record.ts"),
      import("../operator/recover-json.ts"),
      import("../operator/ending.ts"),
    ]);
  const { region, name, request, instance } = plan;
  const execution = await access.machines.startRecovery(region, name, request);
  const tell = (...lines: readonly string[]) => json || say(...lines);
  tell(
    `started ${name} in ${region}`,
    "it goes on without this terminal; sla status shows it, sla abort stops it before it fences",
  );
  if (detach) return void (json && say(JSON.stringify({ ...recoveryJson(plan), execution })));
  tell("a restore takes RDS minutes to hours");
  const end = await follow(access, execution, json ? () => {} : tellStep);
  const told = { ...recoveryJson(plan), execution };
  if (end.succeeded) {
    const record = await records.recoveryRecord(access, plan);
    const { restored, measured, goodAt } = record;
    if (json) say(JSON.stringify({ ...told, outcome: "done", restored, measured, goodAt }));
    else say(...records.doneLines(plan, record));
    return;
  }
  process.exitCode = 1;
  const folder = folderOf(execution, request.continues);
  const ledger = access.ledgers(region);
  if (!json) return say(...(await haltLines(ledger, instance.id, folder)));
  say(JSON.stringify({ ...told, ...(await endingOf(ledger, instance.id, folder, false)) }));
}

/** The command line as it was given, without what it accepts and what only looks. */
function commandOf(id: string, flags: RecoverFlags): string {
  const { fleet, to, at, continue: continues } = flags;
  const given = (flag: string, value: string | undefined) =>
    value === undefined ? [] : [`${flag} ${value.includes(" ") ? `'${value}'` : value}`];
  return [
    `npx sla recover ${id} --reason '${reasonOf(flags).replaceAll("'", "'\\''")}'`,
    ...given("--fleet", fleet),
    ...given("--to", to),
    ...given("--at", at),
    ...given("--continue", continues),
  ].join(" ");
}
