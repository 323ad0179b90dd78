import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { parseDeletions } from "../operator/allow-deletions.ts";
import { parseReason } from "../operator/wish.ts";
import type { Instance } from "../sla/fleet.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

interface BackupsFlags {
  readonly fleet?: string;
  readonly json?: true;
  readonly allowDeletions?: number;
  readonly reason?: string;
  readonly now?: true;
}

export function register(program: Command): void {
  program
    .command("backups")
    .description("say which backups an instance has, where, why each is kept, and what is missing")
    .argument("<id>", "the instance")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--allow-deletions <n>", "for a day, so many may be deleted at once", parseDeletions)
    .option("--reason <text>", "why; it stays as evidence", parseReason)
    .option("--now", "have every site look first, though nothing may be due")
    .option("--json", "print one JSON object instead of lines")
    .action(backups);
}

/** Sets the exit code: 0 all well, 1 something is wrong. Throws UserError. */
async function backups(id: string, flags: BackupsFlags): Promise<void> {
  const { allowDeletions, reason } = flags;
  if ((allowDeletions === undefined) !== (reason === undefined)) {
    throw new UserError("--allow-deletions and --reason go together: give both, or neither");
  }
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const { accessTo } = await import("../operator/access.ts");
  const access = await accessTo(fleet, process.env);
  if (allowDeletions !== undefined && reason !== undefined) {
    return allow(access, id, allowDeletions, reason);
  }
  if (flags.now) await look(access);
  await show(access, instance, flags.json ?? false);
}

async function show(access: Access, instance: Instance, asJson: boolean): Promise<void> {
  const [{ backupView }, { backupLines }, { imageView }, { imageLines }] = await Promise.all([
    import("../operator/backup-view.ts"),
    import("../operator/backup-lines.ts"),
    import("../operator/image-view.ts"),
    import("../operator/image-lines.ts"),
  ]);
  const view = await backupView(access, instance);
  const images = await imageView(access, instance);
  const { timezone } = access.fleet.provider;
  if (asJson) say(JSON.stringify({ ...view, ...(images && { images }) }));
  else say(...backupLines(view, timezone), ...(images ? imageLines(images, timezone) : []));
  const isWrong = view.troubles.length > 0 || view.delivery?.trouble !== undefined;
  const silent = [...view.silent, ...(images?.silent ?? [])];
  if (isWrong || silent.length > 0) process.exitCode = 1;
}

async function allow(access: Access, id: string, deletions: number, reason: string) {
  const work = await import("../operator/allow-deletions.ts");
  const { until, untold } = await work.allowDeletions(access, id, deletions, reason);
  say(`${id}: until ${until} up to ${deletions} backups may be deleted at once in each place`);
  if (untold.length === 0) return;
  throw new UserError(
    `${untold.join(", ")} did not answer and knows nothing of it: say it again`,
    1,
  );
}

async function look(access: Access): Promise<void> {
  const { lookNow } = await import("../operator/look-now.ts");
  for (const [site, why] of await lookNow(access)) console.error(`sla: ${site}: ${why}`);
}
