import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { frozenOf, makeLink, pairsOf, parseExpiry } from "../operator/download.ts";
import type { Instance } from "../sla/fleet.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { UserError } from "./user-error.ts";

interface DownloadFlags {
  readonly fleet?: string;
  readonly expires?: number;
  readonly backup?: string;
  readonly fresh?: true;
  readonly detach?: true;
  readonly list?: true;
  readonly revoke?: string;
  readonly to?: string;
  readonly json?: true;
}

const DEFAULT_EXPIRY = "7d";

export function register(program: Command): void {
  program
    .command("download")
    .description("make a link by which a customer downloads a frozen copy of an instance")
    .argument("<id>", "the instance")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--expires <duration>", `how long it works (default: ${DEFAULT_EXPIRY})`, parseExpiry)
    .option("--backup <name>", "which frozen backup (default: the newest)")
    .option(
      "--fresh",
      "of now: take a backup, restore it, and dump that; a second call joins the first",
    )
    .option("--detach", "with --fresh: do not wait for it, and make no link yet")
    .option("--list", "make none: say what is frozen, which links there are and who followed them")
    .option("--revoke <link>", "end a link, named by itself or by its id")
    .option(
      "--to <directory>",
      "and bring all that the new link leads to into it, as sla fetch does",
    )
    .option("--json", "print one JSON object instead of lines")
    .action(download);
}

/** Throws UserError: nothing is frozen, or nobody would answer. */
async function download(id: string, flags: DownloadFlags): Promise<void> {
  refuseContradiction(flags);
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  refuseUnbuilt(instance, "download");
  frozenOf({ fleet });
  const { accessTo } = await import("../operator/access.ts");
  const access = await accessTo(fleet, process.env);
  if (flags.revoke !== undefined) return revoke(access, instance, flags.revoke, flags);
  return flags.list ? list(access, instance, flags) : make(access, instance, flags);
}

type Contradiction = readonly [(flags: DownloadFlags) => boolean, string];

const makesNone = ({ list, revoke }: DownloadFlags) => list === true || revoke !== undefined;

const CONTRADICTIONS: readonly Contradiction[] = [
  [
    ({ list, revoke }) => list === true && revoke !== undefined,
    "--list and --revoke: give one of them",
  ],
  [
    (flags) =>
      makesNone(flags) && (flags.expires ?? flags.backup ?? flags.fresh ?? flags.to) !== undefined,
    "--expires, --backup, --fresh and --to are for a new link: leave them away with --list and --revoke",
  ],
  [
    ({ fresh, backup }) => fresh === true && backup !== undefined,
    "--fresh and --backup: give one of them",
  ],
  [({ fresh, detach }) => detach === true && !fresh, "--detach: give it with --fresh"],
  [
    ({ detach, expires, to }) => detach === true && (expires ?? to) !== undefined,
    "--expires and --to: with --detach no link is made: ask for one once the dump is there",
  ],
];

function refuseContradiction(flags: DownloadFlags): void {
  const found = CONTRADICTIONS.find(([isSo]) => isSo(flags));
  if (found) throw new UserError(found[1]);
}

async function make(access: Access, instance: Instance, flags: DownloadFlags): Promise<void> {
  const [{ frozenShelf }, { linkLines }] = await Promise.all([
    import("../operator/frozen-shelf.ts"),
    import("../operator/download-lines.ts"),
  ]);
  const fresh = flags.fresh && (await freshOf(access, instance, flags));
  if (flags.detach) return;
  const { backup = fresh?.backup, expires = parseExpiry(DEFAULT_EXPIRY) } = flags;
  const made = await makeLink(access, frozenShelf(access.clock), instance, {
    expiresSeconds: expires,
    random: randomBytes(32),
    pairs: pairsOf(access),
    ...(backup !== undefined && { backup }),
  });
  const { to, json } = flags;
  if (!json) say(...linkLines(made, access.fleet.provider.timezone));
  const { bringTo, reportLines } = await import("./fetch.ts");
  const fetched = to === undefined ? undefined : await bringTo(made.url, to, json === true);
  const more = { ...(fresh && { fresh: fresh.asked }), ...(fetched && { fetched }) };
  if (json) say(JSON.stringify({ ...made, ...more }));
  else if (fetched && to !== undefined) say(...reportLines(fetched, to));
}

async function freshOf(access: Access, instance: Instance, flags: DownloadFlags) {
  const { freshDump } = await import("./download-fresh.ts");
  return freshDump(access, instance, flags);
}

async function list(access: Access, instance: Instance, { json }: DownloadFlags): Promise<void> {
  const [{ linksOf }, { frozenShelf }, { listLines }] = await Promise.all([
    import("../operator/download-links.ts"),
    import("../operator/frozen-shelf.ts"),
    import("../operator/download-lines.ts"),
  ]);
  const [{ lastFresh }, { rdsEyes, isOver }] = await Promise.all([
    import("../operator/fresh-ask.ts"),
    import("../operator/fresh-now.ts"),
  ]);
  const [copies, links, last] = await Promise.all([
    frozenShelf(access.clock).copies(frozenOf(access).region, instance.id),
    linksOf(access, instance),
    lastFresh(access, rdsEyes(access), instance),
  ]);
  const fresh = last && (last.stage.kind === "refuted" || !isOver(last.stage)) ? last : undefined;
  if (json) say(JSON.stringify({ instance: instance.id, copies, links, ...(fresh && { fresh }) }));
  else say(...listLines(instance.id, copies, links, access.fleet.provider.timezone, fresh));
}

async function revoke(
  access: Access,
  instance: Instance,
  given: string,
  { json }: DownloadFlags,
): Promise<void> {
  const { revokeLink } = await import("../operator/download-links.ts");
  const link = await revokeLink(access, instance, given);
  if (json) return say(JSON.stringify({ instance: instance.id, revoked: link }));
  say(`${instance.id}: ${link} leads nowhere any more; what is being fetched may go on for 15m`);
}
