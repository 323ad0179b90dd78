import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import { haltIfOvertaken } from "./abort.ts";
import type { Flipped, Seated } from "./case.ts";
import { halt, isRefusedBatch, isUnreachable, notYet } from "./errors.ts";
import { staysIn } from "./members.ts";
import { recordsNotOwed } from "./owe-records.ts";
import { type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import { raise } from "./raise.ts";
import { changed, type DnsRecord, rewritten, sameName, type Targets } from "./records.ts";
import { isRecovery } from "./recover-case.ts";
import type { Taken } from "./step.ts";
import { type FlipWorld, instanceOf } from "./world.ts";

/**
 * Leads both names to the new primary, in one batch; records that say so already stay untouched. Where the API
 * does not answer for a while, its STOP flag is raised: what a flag leads over falls back where nobody answers
 * for it.
 */
export async function flip(world: FlipWorld, seated: Seated): Promise<Taken<Flipped>> {
  const instance = instanceOf(world, seated.request.instance);
  await haltIfOvertaken(world, seated);
  if (staysIn(seated.before)) {
    const detail = `names stay: RDS leads ${seated.endpoint} to whoever writes`;
    return { next: { ...seated, flip: { before: [], after: [], stays: true } }, detail };
  }
  const sight = await watchFor(world.clock, { seconds: WINDOW_SECONDS }, () =>
    byRecords(world, seated, instance),
  );
  if ("seen" in sight) {
    await recordsNotOwed(world, seated);
    return sight.seen;
  }
  // A flag leads to SECONDARY, which names a standby of before: DNS waits for the API.
  if (isRecovery(seated)) return notYet(sight.missing);
  const flag = await raise(world, seated, instance, sight.missing);
  return {
    next: { ...seated, flip: { before: [], after: [], flag } },
    detail: `flag ${flag} raised: ${sight.missing}`,
  };
}

/** Only the silence of Route 53 itself is one that a flag is for: another's is repeated by the machine. */
async function ofRoute53<T>(call: Promise<T>): Promise<Sight<T>> {
  try {
    return { seen: await call };
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    return { missing: (cause as Error).message };
  }
}

async function byRecords(
  world: FlipWorld,
  seated: Seated,
  instance: Instance,
): Promise<Sight<Taken<Flipped>>> {
  const targets = targetsOf(instance, seated);
  const { zone } = instance.dns;
  const listed = await ofRoute53(world.signpost.records(zone, [...targets.keys()]));
  if ("missing" in listed) return listed;
  const found = listed.seen;
  refuseMissing(instance, targets, found);
  const after = rewritten(found, targets);
  const change = changed(found, after);
  const flipped = { before: await firstSeen(world, seated, found), after };
  if (change.length === 0) {
    const detail = "records lead to the new primary already";
    return { seen: { next: { ...seated, flip: flipped }, detail } };
  }
  const asked = world.signpost.write(zone, change).catch((cause: unknown) => {
    if (!isRefusedBatch(cause)) throw cause;
    return halt("HaltRecords", `${instance.id}: ${(cause as Error).message}`, { cause });
  });
  const written = await ofRoute53(asked);
  if ("missing" in written) return written;
  const next = { ...seated, flip: { ...flipped, change: written.seen } };
  const led = [...targets].map(([name, target]) => `${name} → ${target}`).join(", ");
  return { seen: { next, detail: `flipped ${led}` } };
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
