import type { Instance } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Beat } from "../sql/contract.ts";
import { notYet } from "./errors.ts";
import { awaited, type Sight } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import type { Kept, Streaming } from "./reprotect-case.ts";
import { lockFor, rolesUnlessOvertaken } from "./reprotect-claim.ts";
import type { Taken } from "./step.ts";
import { askDescribed, sqlTarget } from "./targets.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/**
 * What RDS says of a replica is hearsay. It stands by when a row that the new primary has just committed is read
 * on it: nobody but the primary of now could have sent that.
 */
export async function reprotectStream(world: AssessWorld, kept: Kept): Promise<Taken<Streaming>> {
  const { seat, before, request } = kept;
  await rolesUnlessOvertaken(world, kept);
  await lockFor(world, kept);
  const instance = instanceOf(world, request.instance);
  const [primary, standby] = await Promise.all([
    world.registry.describe(before.primary),
    world.registry.describe(seat),
  ]);
  const missing = unfit(seat, standby, kept.backupRetentionDays);
  if (missing !== undefined || !standby?.endpoint) return notYet(missing ?? "it has no endpoint");
  if (!primary?.endpoint) return notYet(`${before.primary.database} has no endpoint`);
  const written = await commitRow(world, instance, before.primary, primary);
  const readAt = await awaited(world.clock, () => seen(world, instance, seat, standby, written));
  return {
    next: {
      ...kept,
      primaryEndpoint: primary.endpoint.host,
      standbyEndpoint: standby.endpoint.host,
      writtenAt: written.at,
      readAt,
    },
    detail: `${seat.database} streams: the row written at ${written.at} was read there`,
  };
}

function unfit(seat: Seat, state: DatabaseState | undefined, days: number): string | undefined {
  if (!state) return `${seat.database} is gone`;
  if (state.status !== "available") return `${seat.database} is ${state.status}`;
  if (state.backupRetentionDays !== days) return `${seat.database} keeps no backups yet`;
  return state.replication.length > 0 && state.replication.every((each) => each === "replicating")
    ? undefined
    : `${seat.database} says ${state.replication.join(", ") || "nothing"} of its replication`;
}

async function commitRow(
  { sql }: AssessWorld,
  instance: Instance,
  { region, database }: Seat,
  state: DatabaseState,
): Promise<Beat> {
  const target = sqlTarget(instance, state);
  if (!target) return notYet(`${database} has no endpoint`);
  const result = await sql.ask<Beat>(region, { operation: "beat", targets: [target] });
  if (result.ok) return result.value;
  return notYet(`${database} commits no row: ${result.failure.kind}: ${result.failure.message}`);
}

async function seen(
  world: AssessWorld,
  instance: Instance,
  seat: Seat,
  state: DatabaseState,
  written: Beat,
): Promise<Sight<string>> {
  const said = await askDescribed(world.sql, instance, seat, state);
  if (!said.answered) return { missing: `${seat.database} does not answer: ${said.message}` };
  const { inRecovery, streaming, beat, now } = said.reading;
  if (!inRecovery) return { missing: `${seat.database} is no standby` };
  if (!streaming) return { missing: `${seat.database} does not stream` };
  return beat && beat.sequence >= written.sequence
    ? { seen: now }
    : { missing: `${seat.database} has not shown the row of ${written.at}` };
}
