import type { Command } from "commander";
import type { RestoreTestRecord } from "../../functions/restore/contract.ts";
import type { ImageTestRecord } from "../../functions/restore/image-contract.ts";
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
  readonly image?: true;
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
    .option("--image", "start a machine from an image of the complete instance instead, sealed off")
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
  if (!flags.image) refuseUnbuilt(instance, "restore-test");
  const { accessTo } = await import("../operator/access.ts");
  const access = await accessTo(fleet, process.env);
  await (flags.last ? last(access, instance, flags) : test(access, instance, flags));
}

async function last(access: Access, instance: Instance, flags: RestoreTestFlags) {
  const { lastTests } = await import("../operator/restore-test.ts");
  const { of, linesOf } = await kindOf(access, flags);
  const { records, silent } = await lastTests<Found>(access, instance, of);
  if (flags.json) say(JSON.stringify({ instance: instance.id, records, silent }));
  else if (records.length === 0) say(`${instance.id}: no restore test has ended yet`);
  else for (const record of records) say(...linesOf(record));
  for (const site of silent) console.error(`sla: ${site} does not answer`);
  if (silent.length > 0 || records.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function test(access: Access, instance: Instance, flags: RestoreTestFlags) {
  const [{ planTest, recordOf }, { follow }, { of, linesOf, doing }] = await Promise.all([
    import("../operator/restore-test.ts"),
    import("../operator/follow.ts"),
    kindOf(access, flags),
  ]);
  const { region, backup } = flags;
  const plan = await planTest(access, instance, {
    ...(of && { of }),
    ...(region !== undefined && { region }),
    ...(backup !== undefined && { backup }),
  });
  const execution = await access.machines.startTest(plan.region, plan.name, plan.request, of);
  const tell = (text: string) => flags.json || say(...hanging("", text));
  tell(`started in ${plan.region}: ${plan.request.backup} ${doing}`);
  if (flags.detach) return void (flags.json && say(JSON.stringify(plan)));
  tell("it goes on without this terminal; --last shows its end");
  await follow(access, execution, flags.json ? () => {} : tellStep);
  const record = await recordOf<Found>(access, plan);
  if (flags.json) say(JSON.stringify(record));
  else say(...linesOf(record));
  if (!record.ok) process.exitCode = 1;
}

type Found = RestoreTestRecord & ImageTestRecord;

/** What is tested, and how it is told. */
async function kindOf({ fleet }: Access, { image }: RestoreTestFlags) {
  const { imageTestLines, testLines } = await import("../operator/restore-test-lines.ts");
  const { timezone } = fleet.provider;
  if (!image) {
    const doing = "is restored and read, which takes RDS minutes to hours";
    return { of: undefined, doing, linesOf: (found: Found) => testLines(found, timezone) };
  }
  const doing = "is started in a sealed network, which takes EC2 minutes";
  return {
    of: "images",
    doing,
    linesOf: (found: Found) => imageTestLines(found, timezone),
  } as const;
}
