import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import type { ReprotectPlan } from "../operator/reprotect.ts";
import { parseReason } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say, tellStep } from "./say.ts";
import { UserError } from "./user-error.ts";

interface ReprotectFlags {
  readonly fleet?: string;
  readonly reason: string;
  readonly subnetGroup?: string;
  readonly kmsKey?: string;
  readonly dropStandby?: true;
  readonly evenIfStreaming?: true;
  readonly detach?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("reprotect")
    .description("build a new standby for an instance that nobody stands by for")
    .argument("<id>", "the instance")
    .requiredOption("--reason <text>", "why; it stays as evidence", parseReason)
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--subnet-group <name>", "where the old primary is gone: its DB subnet group")
    .option("--kms-key <arn>", "where the old primary is gone: the key it was encrypted with")
    .option("--drop-standby", "give up whoever stands by first: it is deleted, its slot with it")
    .option("--even-if-streaming", "with --drop-standby: also a standby that is in order")
    .option("--detach", "start it and do not wait for its end")
    .option("--json", "print one JSON object instead of lines")
    .action(reprotect);
}

function dropOf({ dropStandby, evenIfStreaming }: ReprotectFlags) {
  if (dropStandby) return evenIfStreaming ? "even-if-streaming" : "unless-streaming";
  if (!evenIfStreaming) return undefined;
  throw new UserError("--even-if-streaming: only together with --drop-standby");
}

/** @throws UserError for what only a replica that is built, or deleted, knows */
function refuseForCluster(
  id: string,
  global: string,
  { dropStandby, subnetGroup, kmsKey }: ReprotectFlags,
): void {
  const flags = {
    "--drop-standby": dropStandby,
    "--subnet-group": subnetGroup,
    "--kms-key": kmsKey,
  };
  const [flag] = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : name,
  );
  if (flag === undefined) return;
  throw new UserError(
    `${flag}: ${id} is of the Aurora global database ${global}, whose clusters RDS makes and nothing here deletes; leave it out`,
  );
}

/** Sets the exit code: 0 done, 1 halted. Throws UserError. */
async function reprotect(id: string, flags: ReprotectFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const drop = dropOf(flags);
  if (instance.database.global !== undefined) refuseForCluster(id, instance.database.global, flags);
  const [{ accessTo }, { planReprotect }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/reprotect.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const { reason, subnetGroup, kmsKey, json } = flags;
  const { region, name, request, seat } = await planReprotect(access, instance, {
    reason,
    ...(subnetGroup !== undefined && { subnetGroup }),
    ...(kmsKey !== undefined && { kmsKey }),
    ...(drop && { drop }),
  });
  const execution = await access.machines.startReprotect(region, name, request);
  const begun = { instance: id, region, name, request, seat, execution };
  if (!json) say(`started ${name} in ${region}: ${seat.database} in ${seat.region} is to stand by`);
  if (!flags.detach) return toItsEnd(access, begun, flags);
  if (json) say(JSON.stringify(begun));
}

interface Begun extends ReprotectPlan {
  readonly instance: string;
  readonly execution: string;
}

async function toItsEnd(access: Access, begun: Begun, { json }: ReprotectFlags): Promise<void> {
  const [{ follow }, { reprotectHalt, reprotectHaltLines }] = await Promise.all([
    import("../operator/follow.ts"),
    import("../operator/reprotect.ts"),
  ]);
  const tell = (...lines: readonly string[]) => json || say(...lines);
  const { execution, instance, region, request } = begun;
  tell("it takes RDS minutes to hours, and goes on without this terminal; sla status shows it");
  const { succeeded } = await follow(access, execution, json ? () => {} : tellStep);
  if (succeeded) {
    tell(`${instance}: done`);
    if (json) say(JSON.stringify({ ...begun, outcome: "done" }));
    return;
  }
  process.exitCode = 1;
  const halt = await reprotectHalt(access.ledgers(region), request);
  tell(...reprotectHaltLines(halt));
  if (json) say(JSON.stringify({ ...begun, outcome: "halted", ...(halt && { halt }) }));
}
