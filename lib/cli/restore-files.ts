import type { Command } from "commander";
import { hanging } from "../operator/hanging.ts";
import { localTime } from "../operator/local-time.ts";
import { sizeOf } from "../operator/size.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";

interface FilesFlags {
  readonly fleet?: string;
  readonly to: string;
  readonly region?: string;
  readonly backup?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("restore-files")
    .description("copy the files that belong to a backup of an instance to an empty place in S3")
    .argument("<id>", "the instance")
    .requiredOption(
      "--to <s3://bucket/prefix>",
      "where to; empty but for what an earlier call copied",
    )
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--region <name>", "from which place (default: where its primary is now)")
    .option(
      "--backup <name>",
      "of which backup (default: that from which it was recovered, else the newest)",
    )
    .option("--dry-run", "say what would be copied, and copy nothing")
    .option("--json", "print one JSON object instead of lines")
    .action(restore);
}

/** Throws UserError, SlaError: nothing to copy, not where it may go, or the cloud does not answer. */
async function restore(id: string, flags: FilesFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const [{ accessTo }, { bringBack, planFiles, refuseTarget }, { s3Replicas }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/files-back.ts"),
    import("../operator/s3-replicas.ts"),
  ]);
  refuseTarget(instance, flags.to);
  const access = await accessTo(fleet, process.env);
  const replicas = s3Replicas(access);
  const { to, region, backup, json } = flags;
  const plan = await planFiles(access, replicas, instance, {
    to,
    ...(region !== undefined && { region }),
    ...(backup !== undefined && { backup }),
  });
  const { manifest, bytes, because } = plan;
  const tell = (...lines: readonly string[]) => json || say(...lines);
  const local = localTime(fleet.provider.timezone);
  tell(
    ...hanging(
      `${id}: `,
      `${manifest.files.length} files, ${sizeOf(bytes)}, of backup ${manifest.backup}, ${because}`,
    ),
    ...hanging(
      "  from  ",
      `the replica in ${plan.region}, as the files were ${local(manifest.filesAt)}`,
    ),
    `  to    ${to}`,
  );
  const restored = flags.dryRun
    ? 0
    : await bringBack(access, replicas, plan, (done, of) => void tell(`  ${done} of ${of} files`));
  const { region: from } = plan;
  const facts = { instance: id, backup: manifest.backup, region: from, to, bytes };
  if (json) say(JSON.stringify({ ...facts, files: manifest.files.length, restored }));
  else say(flags.dryRun ? "nothing was copied" : `done: ${restored} files are there`);
}
