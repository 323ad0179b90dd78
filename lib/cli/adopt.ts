import type { Command } from "commander";
import { isBuiltFor, traitsOf } from "../sla/engine.ts";
import type { Instance } from "../sla/fleet.ts";
import type { AdoptFlags } from "./adopt-flags.ts";
import { regionsFlag, throughFlag } from "./adopt-flags.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { UserError } from "./user-error.ts";

export function register(program: Command): void {
  program
    .command("adopt")
    .description("make instances of the fleet ready to be kept; run again, it goes on")
    .argument("[ids...]", "instances of the fleet")
    .option("--all", "every instance of the fleet")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--dry-run", "say what would be done, and what is in the way; changes nothing")
    .option("--read-rows", "let the fence look for rows that a failover leaves behind")
    .option("--subnet-group <name>", "of new standbys (default: one of the site's subnets)")
    .option("--kms-key <arn>", "of new standbys (default: the one of RDS in that region)")
    .option(
      "--through <host:port>",
      "reach the database there: the near end of a tunnel",
      throughFlag,
    )
    .option("--undo", "take back what it made, with --yes")
    .option("--yes", "with --undo: do it")
    .option("--scan", "instead: propose a fleet.yaml from what the account holds")
    .option("--regions <list>", "with --scan: only these (default: all)", regionsFlag)
    .option("--json", "print one JSON object instead of lines")
    .action(adopt);
}

/** Sets the exit code: 1 if something needs a person, or could not be read. Throws UserError. */
async function adopt(ids: readonly string[], flags: AdoptFlags): Promise<void> {
  if (flags.scan) return scan(ids, flags);
  refuseContradictions(ids, flags);
  const fleet = fleetOf(flags.fleet);
  const named = [...new Set(ids)].map((id) => instanceIn(fleet, id));
  for (const instance of named) refuseUnbuilt(instance, "adopt");
  const instances = flags.all ? fleet.instances.filter(isAdoptable) : named;
  if (flags.through && instances.length > 1) {
    throw new UserError("--through: a tunnel leads to one database; name one instance");
  }
  // On the local cloud names of databases are known to its own DNS only.
  if (process.env["SLA_LOCAL_DNS"]) await import("../local-cloud/processes/network-layer.ts");
  const { adoptNow } = await import("../operator/adopting/now.ts");
  const { lines, isWhole } = await adoptNow(fleet, instances, {
    ...flags,
    env: process.env,
    progress: (line) => console.error(line),
  });
  say(...lines);
  if (!isWhole) process.exitCode = 1;
}

/** Of all, those that are left out are told. */
function isAdoptable({ id, database }: Instance): boolean {
  const isBuilt = isBuiltFor(database.engine, "adopt");
  const { title } = traitsOf(database.engine);
  if (!isBuilt) console.error(`${id}: ${title} is prepared by hand: docs/engines.md`);
  return isBuilt;
}

const CONTRADICTIONS: readonly (readonly [
  string,
  (ids: readonly string[], flags: AdoptFlags) => boolean,
])[] = [
  ["--regions: it goes with --scan", (_, { regions }) => regions !== undefined],
  [
    "adopt: name instances of the fleet, or --all; --scan proposes a fleet.yaml",
    (ids, { all }) => ids.length === 0 && !all,
  ],
  ["--all: leave the names of instances away", (ids, { all }) => ids.length > 0 && all === true],
  ["--yes: it goes with --undo", (_, { yes, undo }) => yes === true && !undo],
  [
    "--yes and --dry-run: give one of them",
    (_, { yes, dryRun }) => yes === true && dryRun === true,
  ],
];

function refuseContradictions(ids: readonly string[], flags: AdoptFlags): void {
  const found = CONTRADICTIONS.find(([, applies]) => applies(ids, flags));
  if (found) throw new UserError(found[0]);
}

async function scan(
  ids: readonly string[],
  { regions, json, ...flags }: AdoptFlags,
): Promise<void> {
  const strange = [
    ...ids,
    ...(["all", "undo", "dryRun", "through"] as const).filter((key) => flags[key]),
  ];
  if (strange.length > 0) {
    throw new UserError(`--scan proposes a fleet and changes nothing: leave ${strange[0]} away`);
  }
  const { scanAccount } = await import("../operator/adopt/scan.ts");
  const { lines, isWhole } = await scanAccount({
    env: process.env,
    json: json === true,
    progress: (line) => console.error(`sla: ${line}`),
    ...(regions && { regions }),
  });
  say(...lines);
  if (!isWhole) process.exitCode = 1;
}
