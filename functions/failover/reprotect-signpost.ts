import type { Instance } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { halt } from "./errors.ts";
import { awaited, type Sight } from "./poll.ts";
import type { StopChecks } from "./ports.ts";
import { type DnsRecord, sameName } from "./records.ts";
import { refuseWhileOwed } from "./records-owed.ts";
import type { Pointed, Streaming } from "./reprotect-case.ts";
import { lockStays, rolesUnlessOvertaken } from "./reprotect-claim.ts";
import type { Taken } from "./step.ts";
import { stopCheckFor } from "./stop-check.ts";
import { type FlipWorld, instanceOf } from "./world.ts";

/**
 * In one batch: SECONDARY leads to the new standby, PRIMARY stays with the primary and gets the STOP check of its
 * new direction, or none. The one it had watches a flag in a site that does not own the instance any more.
 */
export async function reprotectSignpost(
  world: FlipWorld,
  streaming: Streaming,
): Promise<Taken<Pointed>> {
  const { request, seat } = streaming;
  const roles = await rolesUnlessOvertaken(world, streaming);
  const instance = instanceOf(world, request.instance);
  await refuseWhileOwed(world, instance);
  const { zone, names } = instance.dns;
  const asked = [names.database, ...(names.app === undefined ? [] : [names.app])];
  const found = await world.signpost.records(zone, asked);
  if (!found.some(({ name }) => sameName(name, names.database))) {
    halt("HaltRecords", `${instance.id}: zone ${zone} has no CNAME record ${names.database}`);
  }
  const check = await quietCheck(world.stopChecks, instance, { ...roles, standby: seat });
  const after = found.map((record) => pointed(record, instance, streaming, check));
  const change = after.filter((record, index) => differs(record, found[index]));
  const before = await firstSeen(world, streaming, found);
  const id = change.length === 0 ? undefined : await world.signpost.write(zone, change);
  return {
    next: { ...streaming, signpost: { before, after, ...(id !== undefined && { change: id }) } },
    detail: `${change.length} records written: SECONDARY → ${streaming.standbyEndpoint}, PRIMARY ${check === undefined ? "without a check" : `watched by ${check}`}`,
  };
}

/** A check that sees a raised flag, or nothing, would lead clients to the standby as soon as it is attached. */
async function quietCheck(
  checks: StopChecks,
  instance: Instance,
  roles: Roles,
): Promise<string | undefined> {
  const check = await stopCheckFor(checks, instance, roles);
  const sights = check === undefined ? undefined : await checks.seen(check);
  const isQuiet = sights !== undefined && sights.length > 0 && sights.every((each) => !each.raised);
  return isQuiet ? check : undefined;
}

function pointed(
  record: DnsRecord,
  { dns: { names } }: Instance,
  { before, seat, primaryEndpoint, standbyEndpoint }: Streaming,
  check: string | undefined,
): DnsRecord {
  const isDatabase = sameName(record.name, names.database);
  const primary = isDatabase ? primaryEndpoint : before.primary.app;
  const standby = isDatabase ? standbyEndpoint : seat.app;
  const { failover } = record;
  if (!failover) return { ...record, target: primary ?? record.target };
  if (failover.role === "SECONDARY") return { ...record, target: standby ?? record.target };
  const { healthCheck: _old, ...kept } = failover;
  return {
    ...record,
    target: primary ?? record.target,
    failover: { ...kept, ...(check !== undefined && { healthCheck: check }) },
  };
}

const differs = (after: DnsRecord, before: DnsRecord | undefined) =>
  !sameName(after.target, before?.target ?? "") ||
  after.failover?.healthCheck !== before?.failover?.healthCheck;

/** The records as they were before the first attempt. */
async function firstSeen(
  { ledgers, region }: FlipWorld,
  { request, id }: Streaming,
  found: readonly DnsRecord[],
): Promise<readonly DnsRecord[]> {
  const ledger = ledgers(region);
  const key = keys.reprotect(request.instance, id, "signpost");
  if (await ledger.create(key, found)) return found;
  return (await ledger.read<readonly DnsRecord[]>(key))?.value ?? found;
}

/**
 * Roles that name a standby are only told when DNS could lead to it. While Route 53 kept us waiting a neighbour may have
 * raised the flag of the cell, and its payer written both answers to the primary: what is there is read again.
 */
export async function reprotectInSync(world: FlipWorld, current: Pointed): Promise<Taken<Pointed>> {
  const { request, signpost } = current;
  await rolesUnlessOvertaken(world, current);
  await lockStays(world, current);
  const instance = instanceOf(world, request.instance);
  const seenAt = world.clock.now().toISOString();
  await refuseWhileOwed(world, instance);
  const { zone } = instance.dns;
  const found = await world.signpost.records(
    zone,
    signpost.after.map(({ name }) => name),
  );
  const undone = signpost.after.filter((record) => differs(record, sameAnswer(record, found)));
  const change = undone.length === 0 ? signpost.change : await world.signpost.write(zone, undone);
  const seen = { ...signpost, seenAt, ...(change !== undefined && { change }) };
  const next = { ...current, signpost: seen };
  if (change === undefined) return { next, detail: "the records said so already" };
  const look = async (): Promise<Sight<true>> =>
    (await world.signpost.isInSync(change))
      ? { seen: true }
      : { missing: `change ${change} is not in sync` };
  await awaited(world.clock, look);
  const again = undone.length === 0 ? "" : `; written again: ${undone.length} led elsewhere`;
  return { next, detail: `change ${change} is in sync${again}` };
}

const sameAnswer = (record: DnsRecord, found: readonly DnsRecord[]) =>
  found.find(
    ({ name, failover }) =>
      sameName(name, record.name) && failover?.setIdentifier === record.failover?.setIdentifier,
  );
