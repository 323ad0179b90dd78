import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { hanging } from "../operator/hanging.ts";
import type { Instance } from "../sla/fleet.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say, tellStep } from "./say.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { UserError } from "./user-error.ts";

interface RestoreTestFlags {
  readonly fleet?: string;
  readonly region?: string;
  readonly backup?: string;
  readonly last?: true;
  readonly detach?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("restore-test")
    .description("restore a backup beside everything else, prove what came back, delete it again")
    .argument("<id>", "the instance")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--region <name>", "in which place (default: where the newest proven backup is oldest)")
    .option("--backup <name>", "which backup (default: the newest there)")
    .option("--last", "test nothing: say what the last test in each place found")
    .option("--detach", "start it and do not wait for its end")
    .option("--json", "print one JSON object instead of lines")
    .action(restoreTest);
}

/** Sets the exit code: 0 proven, 1 not proven. Throws UserError. */
async function restoreTest(id: string, flags: RestoreTestFlags): Promise<void> {
  if (flags.last && (flags.region ?? flags.backup ?? flags.detach) !== undefined) {
    throw new UserError("--last tests nothing: leave out --region, --backup and --detach");
  }
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  refuseUnbuilt(instance, "restore-test");
  const { accessTo } = await import("../operator/access.ts");
  const access = await accessTo(fleet, process.env);
  await (flags.last ? last(access, instance, flags) : test(access, instance, flags));
}

async function last(access: Access, instance: Instance, { json }: RestoreTestFlags) {
  const [{ lastTests }, { testLines }] = await Promise.all([
    import("../operator/restore-test.ts"),
    import("../operator/restore-test-lines.ts"),
  ]);
  const { records, silent } = await lastTests(access, instance);
  if (json) say(JSON.stringify({ instance: instance.id, records, silent }));
  else if (records.length === 0) say(`${instance.id}: no restore test has ended yet`);
  else for (const record of records) say(...testLines(record, access.fleet.provider.timezone));
  for (const site of silent) console.error(`sla: ${site} does not answer`);
  if (silent.length > 0 || records.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function test(access: Access, instance: Instance, flags: RestoreTestFlags) {
  const [{ planTest, recordOf }, { testLines }, { follow }] = await Promise.all([
    import("../operator/restore-test.ts"),
    import("../operator/restore-test-lines.ts"),
    import("../operator/follow.ts"),
  ]);
  const { region, backup } = flags;
  const plan = await planTest(access, instance, {
    ...(region !== undefined && { region }),
    ...(backup !== undefined && { backup }),
  });
  const execution = await access.machines.startTest(plan.region, plan.name, plan.request);
  const tell = (text: string) => flags.json || say(...hanging("", text));
  tell(`started in ${plan.region}: ${plan.request.backup} is restored and read`);
  if (flags.detach) return void (flags.json && say(JSON.stringify(plan)));
  tell("it takes RDS minutes to hours, and goes on without this terminal; --last shows its end");
  await follow(access, execution, flags.json ? () => {} : tellStep);
  const record = await recordOf(access, plan);
  if (flags.json) say(JSON.stringify(record));
  else say(...testLines(record, access.fleet.provider.timezone));
  if (!record.ok) process.exitCode = 1;
}
