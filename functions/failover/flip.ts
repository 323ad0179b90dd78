import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import { haltIfOvertaken } from "./abort.ts";
import type { Flipped, Seated } from "./case.ts";
import { halt, isRefusedBatch, isUnreachable } from "./errors.ts";
import { recordsNotOwed } from "./owe-records.ts";
import { raise } from "./raise.ts";
import { changed, type DnsRecord, rewritten, sameName, type Targets } from "./records.ts";
import type { Taken } from "./step.ts";
import { type FlipWorld, instanceOf } from "./world.ts";

/**
 * Leads both names to the new primary, in one batch; records that say so already stay untouched. Where the API
 * does not answer, its STOP flag is raised.
 */
export async function flip(world: FlipWorld, seated: Seated): Promise<Taken<Flipped>> {
  const instance = instanceOf(world, seated.request.instance);
  await haltIfOvertaken(world, seated);
  try {
    const flipped = await byRecords(world, seated, instance);
    await recordsNotOwed(world, seated);
    return flipped;
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    const flag = await raise(world, seated, instance, (cause as Error).message);
    return {
      next: { ...seated, flip: { before: [], after: [], flag } },
      detail: `flag ${flag} raised: ${(cause as Error).message}`,
    };
  }
}

async function byRecords(
  world: FlipWorld,
  seated: Seated,
  instance: Instance,
): Promise<Taken<Flipped>> {
  const targets = targetsOf(instance, seated);
  const { zone } = instance.dns;
  const found = await world.signpost.records(zone, [...targets.keys()]);
  refuseMissing(instance, targets, found);
  const after = rewritten(found, targets);
  const change = changed(found, after);
  const flipped = { before: await firstSeen(world, seated, found), after };
  if (change.length === 0) {
    return {
      next: { ...seated, flip: flipped },
      detail: "records lead to the new primary already",
    };
  }
  const id = await world.signpost.write(zone, change).catch((cause: unknown) => {
    if (!isRefusedBatch(cause)) throw cause;
    return halt("HaltRecords", `${instance.id}: ${(cause as Error).message}`, { cause });
  });
  return {
    next: { ...seated, flip: { ...flipped, change: id } },
    detail: `flipped ${[...targets].map(([name, target]) => `${name} → ${target}`).join(", ")}`,
  };
}

/** The application has a place at the new seat, or its name is left alone. */
export function targetsOf(
  { dns }: Instance,
  { endpoint, roles }: Pick<Seated, "endpoint" | "roles">,
): Targets {
  const { app } = roles.primary;
  const name = dns.names.app;
  return new Map([
    [dns.names.database, endpoint],
    ...(name !== undefined && app !== undefined ? [[name, app] as const] : []),
  ]);
}

function refuseMissing(instance: Instance, targets: Targets, found: readonly DnsRecord[]): void {
  const missing = [...targets.keys()].filter(
    (name) => !found.some((record) => sameName(record.name, name)),
  );
  if (missing.length === 0) return;
  halt(
    "HaltRecords",
    `${instance.id}: zone ${instance.dns.zone} has no CNAME record ${missing.join(", ")}`,
  );
}

/** `flip.json`: the records as they were before the first attempt. */
async function firstSeen(
  { ledgers, region }: FlipWorld,
  { request, id }: Seated,
  found: readonly DnsRecord[],
): Promise<readonly DnsRecord[]> {
  const ledger = ledgers(region);
  const key = keys.failover(request.instance, id, "flip");
  if (await ledger.create(key, found)) return found;
  return (await ledger.read<readonly DnsRecord[]>(key))?.value ?? found;
}
