import { globalAt } from "../../lib/sla/clusters.ts";
import { keys } from "../ledger/contract.ts";
import type { Debt } from "./debt.ts";
import { newer } from "./debt-copies.ts";
import { halt, isUnreachable, notYet } from "./errors.ts";
import type { Planned } from "./reprotect-case.ts";
import { lockFor, rolesUnlessOvertaken } from "./reprotect-claim.ts";
import { degradedNotice } from "./reprotect-notices.ts";
import { awaitTurn } from "./reprotect-turn.ts";
import type { Taken } from "./step.ts";
import type { AssessWorld } from "./world.ts";

/**
 * Waits until the other region is back and nothing of the failover is owed there: a replica beside an old primary
 * that still takes writes would make two of them look right.
 */
export async function reprotectReady(
  world: AssessWorld,
  planned: Planned,
): Promise<Taken<Planned>> {
  await rolesUnlessOvertaken(world, planned);
  await lockFor(world, planned);
  const missing = await unready(world, planned);
  if (missing !== undefined) {
    await tellOnce(world, planned, missing);
    return notYet(missing);
  }
  if (globalAt(world.fleet, planned.seat) === undefined) await awaitTurn(world, planned);
  return { next: planned, detail: `${planned.seat.region} answers, nothing is owed there` };
}

async function unready(world: AssessWorld, planned: Planned): Promise<string | undefined> {
  try {
    const owed = await owedStill(world, planned);
    if (owed) return `${owed.kind} is owed since ${owed.since}: ${owed.because}`;
    return await unlike(world, planned);
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    return (cause as Error).message;
  }
}

/** Debts that must be paid first. Every ledger that could know has to answer: rejects if one does not. */
export async function owedStill(
  { ledgers, fleet }: AssessWorld,
  { request, seat, before }: Pick<Planned, "request" | "seat" | "before">,
): Promise<Debt | undefined> {
  const places = [...new Set([fleet.control, before.primary.region, seat.region])];
  const found = await Promise.all(
    (["fence", "records"] as const).map(async (kind) => {
      const key = keys.debt(request.instance, kind);
      const copies = await Promise.all(places.map((place) => ledgers(place).read<Debt>(key)));
      const known = copies.flatMap((entry) => entry?.value ?? []);
      return known.length === 0 ? undefined : known.reduce(newer);
    }),
  );
  return found.find((debt) => debt?.state === "owed");
}

async function unlike(
  { registry, fleet }: AssessWorld,
  { before: { primary }, model, request, inherited }: Planned,
): Promise<string | undefined> {
  const [source, old] = await Promise.all([registry.describe(primary), registry.describe(model)]);
  const isBuilt = globalAt(fleet, model) === undefined;
  if (isBuilt && !old && request.subnetGroup === undefined && !inherited) {
    halt(
      "HaltNoModel",
      `${model.database} is gone from ${model.region}: which subnets its successor gets is for you to say`,
    );
  }
  if (!source) return halt("HaltReplicaRefused", `${primary.database} does not exist`);
  if (source.backupRetentionDays === 0) {
    halt("HaltReplicaRefused", `${primary.database} keeps no backups: RDS copies only what does`);
  }
  return source.status === "available" ? undefined : `${primary.database} is ${source.status}`;
}

/** The mail leaves once: a second note of it is not made, and a second mail not sent. */
async function tellOnce(world: AssessWorld, planned: Planned, because: string): Promise<void> {
  const ledger = world.ledgers(world.region);
  const key = keys.reprotect(planned.request.instance, planned.id, "waits");
  if (await ledger.read(key)) return;
  const at = world.clock.now().toISOString();
  await world.messenger.notify(degradedNotice(planned, because, at));
  await ledger.create(key, { at, because });
}
