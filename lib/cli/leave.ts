import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import type { MadeLink } from "../../functions/download/links.ts";
import type { Access } from "../operator/access.ts";
import { frozenOf, makeLink, pairsOf, parseExpiry } from "../operator/download.ts";
import type { FinalFiles } from "../operator/final-files.ts";
import type { LeavePlan } from "../operator/leave-plan.ts";
import type { Remains } from "../operator/remains.ts";
import { dumpedIn } from "../sla/dumps.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { reasonOf, reasonToAct } from "./reason-flag.ts";
import { say } from "./say.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { UserError } from "./user-error.ts";

interface LeaveFlags {
  readonly fleet?: string;
  readonly reason?: string;
  readonly withoutExport?: true;
  readonly expires: number;
  readonly undo?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

const EXPIRY = "30d";

export function register(program: Command): void {
  const command = program
    .command("leave")
    .description("make a final dump of an instance, and look after it no longer; deletes nothing")
    .argument("<id>", "the instance");
  reasonToAct<LeaveFlags>(command, ({ yes }) => yes === true)
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--without-export", "though no final dump is made of it")
    .option(
      "--expires <duration>",
      `how long the link to the dump works (default: ${EXPIRY})`,
      parseExpiry,
      parseExpiry(EXPIRY),
    )
    .option("--undo", "it stays after all: look after it again")
    .option("--dry-run", "say what would be done, as without --yes")
    .option("--yes", "do it")
    .option("--json", "print one JSON object instead of lines")
    .action(leave);
}

/** Throws UserError: exit 1 where something stands in the way, 2 for bad input. */
async function leave(id: string, flags: LeaveFlags): Promise<void> {
  if (flags.yes && flags.dryRun) throw new UserError("--yes and --dry-run: give one of them");
  if (flags.undo && flags.withoutExport) {
    throw new UserError("--undo makes no dump: leave --without-export away");
  }
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  refuseUnbuilt(instance, "leave");
  const [{ accessTo }, { planLeave }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/leave-plan.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const plan = await planLeave(access, instance, { undo: flags.undo === true });
  if (!flags.withoutExport && !flags.undo) refuseUnsold(access, plan);
  if (flags.undo) return undo(access, plan, flags);
  return flags.yes ? depart(access, plan, flags) : outlook(access, plan, flags);
}

/** What it may never have again is not let go by silence. */
function refuseUnsold({ fleet }: Access, { instance }: LeavePlan): void {
  const { id, plan } = instance;
  if (dumpedIn(instance, fleet.plans[plan], fleet.frozen) !== undefined) return;
  throw new UserError(
    `${id}: its plan '${plan}' sells neither frozen copies nor downloads, or no copies of it lie where dumps are made, so no final dump can be made: hand over the data otherwise, then --without-export`,
    1,
  );
}

async function outlook(access: Access, plan: LeavePlan, flags: LeaveFlags): Promise<void> {
  const { intention, remainsLines } = await import("../operator/leave-lines.ts");
  const { id } = plan.instance;
  const remains = await remainsNow(access, plan);
  if (flags.json) return say(JSON.stringify({ instance: id, left: false, ...remains }));
  say(
    ...intention(id, { withoutExport: flags.withoutExport === true }),
    ...remainsLines(remains, access.fleet.provider.timezone),
    "Nothing is changed. With --yes it is.",
  );
}

interface Exported {
  readonly link: MadeLink;
  readonly files?: FinalFiles;
}

async function depart(access: Access, plan: LeavePlan, flags: LeaveFlags): Promise<void> {
  const [work, { linkLines }, lines, { lookNow }] = await Promise.all([
    import("../operator/leave.ts"),
    import("../operator/download-lines.ts"),
    import("../operator/leave-lines.ts"),
    import("../operator/look-now.ts"),
  ]);
  const { id } = plan.instance;
  const { timezone } = access.fleet.provider;
  const exported = flags.withoutExport ? undefined : await exportOf(access, plan, flags);
  const reason = reasonOf(flags);
  const dumped = exported && { export: exported.link.copy.backup };
  // Hours may have passed.
  const { planLeave } = await import("../operator/leave-plan.ts");
  const now = await planLeave(access, plan.instance, { undo: false });
  const untold = await work.leave(access, now, { reason, ...dumped });
  await lookNow(access);
  const remains = await remainsNow(access, plan);
  if (flags.json) {
    return say(JSON.stringify({ instance: id, left: true, ...exported, untold, ...remains }));
  }
  if (exported) say(...linkLines(exported.link, timezone));
  if (exported?.files) say(...lines.filesLines(exported.files, timezone));
  say("", `${id} has left: nobody looks after it any more`);
  for (const site of untold) say(`  ${site} does not answer; its site is told once it does`);
  say(...lines.remainsLines(remains, timezone));
}

/** A dump of now, its link, and the files that belong to it. A repeat finds what it has made. */
async function exportOf(
  access: Access,
  { instance }: LeavePlan,
  flags: LeaveFlags,
): Promise<Exported> {
  const [{ awaitFiles, finalDump }, { frozenShelf }] = await Promise.all([
    import("./leave-export.ts"),
    import("../operator/frozen-shelf.ts"),
  ]);
  const backup = await finalDump(access, instance, flags);
  const found = await awaitFiles(access, instance, { region: frozenOf(access).region, backup });
  const link = await makeLink(access, frozenShelf(access.clock), instance, {
    ...{ backup, expiresSeconds: flags.expires, random: randomBytes(32) },
    pairs: pairsOf(access),
  });
  return { link, ...(found && { files: found }) };
}

async function undo(access: Access, plan: LeavePlan, flags: LeaveFlags): Promise<void> {
  const { id } = plan.instance;
  if (!flags.yes) {
    if (flags.json) return say(JSON.stringify({ instance: id, left: true }));
    return say(`${id} would be looked after again. Nothing is changed. With --yes it is.`);
  }
  const [{ stay }, { lookNow }] = await Promise.all([
    import("../operator/leave.ts"),
    import("../operator/look-now.ts"),
  ]);
  const untold = await stay(access, plan, { reason: reasonOf(flags) });
  await lookNow(access);
  if (flags.json) return say(JSON.stringify({ instance: id, left: false, untold }));
  say(`${id} is looked after again; what was missed is made up: sla status, sla backups ${id}`);
}

async function remainsNow(access: Access, { instance, roles }: LeavePlan): Promise<Remains> {
  const [{ remainsOf }, { backupView }, { imageView }, { frozenShelf }] = await Promise.all([
    import("../operator/remains.ts"),
    import("../operator/backup-view.ts"),
    import("../operator/image-view.ts"),
    import("../operator/frozen-shelf.ts"),
  ]);
  const { fleet, clock } = access;
  const sold = fleet.plans[instance.plan];
  const [view, images, copies] = await Promise.all([
    sold?.backups ? backupView(access, instance) : undefined,
    imageView(access, instance),
    fleet.frozen ? frozenShelf(clock).copies(fleet.frozen.region, instance.id) : [],
  ]);
  return remainsOf(access, instance, { roles, view, images, copies });
}
