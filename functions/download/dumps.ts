import { backupId } from "../../lib/sla/backups/catalogue.ts";
import { FRESH_WITHIN_MS } from "../../lib/sla/backups/schedule.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { hasLeft } from "../ledger/fleet.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import type { FreshRequest } from "../reconcile/contract.ts";
import type { RestoreTestRecord } from "../restore/contract.ts";
import { tellSites, wishAt } from "./dump-wish.ts";
import type { Shelf } from "./ports.ts";

/** Where customers wish for dumps of now: the ledger of the region in which they are made decides. */
export interface DumpDesk {
  readonly ledger: Ledger;
  readonly ledgers: Ledgers;
  readonly clock: Clock;
  readonly shelf: Shelf;
}

/** The dump of now that was asked for last. `made`: `backup` can be downloaded. */
export interface DumpView {
  readonly askedAt: string;
  readonly by: string;
  readonly state: "under-way" | "made" | "failed" | "given-up";
  readonly backup?: string;
}

/** Each costs the provider a restore and a locked dump: a customer has one a day, and after one that failed another within the hour. */
const BETWEEN_MS: Partial<Record<DumpView["state"], number>> = {
  made: 24 * 3_600_000,
  failed: 3_600_000,
};

export type Wished =
  | { readonly kind: "asked" | "joined"; readonly dump: DumpView }
  | { readonly kind: "too-soon"; readonly dump: DumpView; readonly until: string }
  /** Nothing is backed up any more. */
  | { readonly kind: "left" };

/** Undefined where none was ever asked for. */
export async function lastDump(desk: DumpDesk, instance: string): Promise<DumpView | undefined> {
  const entry = await desk.ledger.read<FreshRequest>(keys.fresh(instance));
  return entry && viewOf(desk, entry.value);
}

/** One wish at a time: whoever asks while one is carried out joins it. */
export async function wishDump(
  desk: DumpDesk,
  sites: readonly string[],
  instance: string,
  by: string,
): Promise<Wished> {
  const { ledger, ledgers, clock } = desk;
  const key = keys.fresh(instance);
  const entry = await ledger.read<FreshRequest>(key);
  const last = entry && (await viewOf(desk, entry.value));
  if (entry && last?.state === "under-way") {
    // Sites that were silent then hear of it now.
    await tellSites(ledgers, sites, entry.value);
    return { kind: "joined", dump: last };
  }
  if (await hasLeft(ledger, instance)) return { kind: "left" };
  const now = clock.now();
  const soon = last && tooSoon(last, now);
  if (soon) return soon;
  const roles = (await ledger.read<Roles>(keys.roles(instance)))?.value;
  const request = wishAt(now, { instance, epoch: roles?.epoch ?? 1, by });
  const isOurs = entry
    ? await ledger.replace(key, request, entry.tag)
    : await ledger.create(key, request);
  if (!isOurs) throw new SlaError("CloudThrottled", "cloud", `${key}: others ask at this moment`);
  await tellSites(ledgers, sites, request);
  return { kind: "asked", dump: { askedAt: request.askedAt, by, state: "under-way" } };
}

function tooSoon(dump: DumpView, now: Date): Wished | undefined {
  const nextMs = Date.parse(dump.askedAt) + (BETWEEN_MS[dump.state] ?? 0);
  if (now.getTime() >= nextMs) return undefined;
  return { kind: "too-soon", dump, until: new Date(nextMs).toISOString() };
}

async function viewOf(desk: DumpDesk, request: FreshRequest): Promise<DumpView> {
  const { instance, askedAt, by } = request;
  const copies = await desk.shelf.copies(instance);
  const copy = copies.find(({ backup }) => isIts(backup, request));
  if (copy) return { askedAt, by, state: "made", backup: copy.backup };
  if (await hasFailed(desk.ledger, request)) return { askedAt, by, state: "failed" };
  const isOver = desk.clock.now().getTime() - Date.parse(askedAt) >= FRESH_WITHIN_MS;
  return { askedAt, by, state: isOver ? "given-up" : "under-way" };
}

/** A failover in between gives it another epoch. */
function isIts(backup: string, { instance, askedAt }: FreshRequest): boolean {
  const plain = backupId(instance, Date.parse(askedAt));
  return backup === plain || backup.startsWith(`${plain}-e`);
}

/** Its restore test is not repeated, so one that failed is the end of it. */
async function hasFailed(ledger: Ledger, request: FreshRequest): Promise<boolean> {
  const { instance, askedAt } = request;
  const plain = backupId(instance, Date.parse(askedAt));
  const listed = await ledger.list(prefixes.restores(instance));
  const its = listed.filter(({ key }) => key.includes(plain) && key.endsWith("/record.json"));
  const records = await Promise.all(its.map(({ key }) => ledger.read<RestoreTestRecord>(key)));
  return records.some((entry) => entry?.value.ok === false);
}
