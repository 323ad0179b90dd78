import type { Debt } from "../../functions/failover/debt.ts";
import type { Lock } from "../../functions/failover/lock.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { rolesReader } from "../../functions/ledger/fleet.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import type { LiveRecord } from "../../functions/live/contract.ts";
import type { PreparedRecord } from "../../functions/prepared/contract.ts";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import type { GaugeRecord } from "../../functions/watch/contract.ts";
import { emptyShard, readable, type ShardState } from "../../functions/watch/shard-state.ts";
import type { Roles } from "../sla/roles.ts";
import { shardCount, shardOf, shardsOf } from "../sla/shards.ts";
import type { Access } from "./access.ts";
import { callsIn, type KnownCall } from "./calls.ts";
import { type HookShelf, hooksIn } from "./webhooks-now.ts";

/** What one site's ledger holds of a whole fleet. */
export interface SiteBooks {
  readonly region: string;
  /** By instance. */
  readonly roles: ReadonlyMap<string, Roles>;
  /** Of the shards that were looked at from there. */
  readonly shards: readonly ShardState[];
  /** By instance. */
  readonly locks: ReadonlyMap<string, Lock>;
  readonly debts: readonly Debt[];
  /** What its watch last found of storage and replication, a record a shard; left out for one instance. */
  readonly gauges?: readonly GaugeRecord[];
  /** How its region's backups were at the last pass; absent before the first, and for one instance. */
  readonly shelf?: ShelfState;
  /** Incidents that want a person, and who takes care of those; left out for one instance. */
  readonly calls?: readonly KnownCall[];
  /** Events for the fleet's webhooks; left out likewise. */
  readonly hooks?: readonly HookShelf[];
  /** What its region lacked for a recovery at the last look; absent likewise. */
  readonly prepared?: PreparedRecord;
  /** Of control: what the last look at the account found; absent likewise. */
  readonly live?: LiveRecord;
}

const LANES = 32;

/** Rejects with `CloudUnreachable` and its siblings if the site does not answer. */
export async function readBooks(
  { fleet, ledgers, clock }: Pick<Access, "fleet" | "ledgers" | "clock">,
  region: string,
): Promise<SiteBooks> {
  const [ledger, shards] = [ledgers(region), shardsOf(fleet)];
  const [roles, states, gauges, locks, debts, shelf, prepared, live, calls, hooks] =
    await Promise.all([
      rolesReader(ledger).all(),
      inLanes(LANES, shards, async (shard) => {
        const found = await ledger.read<Partial<ShardState>>(keys.shard(shard));
        return found ? [readable(found.value, emptyShard(shard, region))] : [];
      }),
      inLanes(LANES, shards, async (shard) => {
        const found = await ledger.read<GaugeRecord>(keys.gauges(shard));
        return found ? [found.value] : [];
      }),
      allOf<Lock>(ledger, prefixes.locks),
      allOf<Debt>(ledger, prefixes.debts),
      ledger.read<ShelfState>(keys.shelf(region)),
      ledger.read<PreparedRecord>(keys.prepared(region)),
      region === fleet.control ? ledger.read<LiveRecord>(keys.live(region)) : undefined,
      callsIn(ledger),
      hooksIn(ledger, fleet, clock.now()),
    ]);
  return {
    region,
    roles,
    shards: states.flat(),
    locks: new Map(locks.map(({ key, value }) => [instanceOfLock(key), value])),
    debts: debts.map(({ value }) => value),
    gauges: gauges.flat(),
    calls,
    hooks,
    ...(shelf && { shelf: shelf.value }),
    ...(prepared && { prepared: prepared.value }),
    ...(live && { live: live.value }),
  };
}

/** The same for one instance, however large the fleet. */
export async function readInstanceBooks(
  { ledgers, fleet }: Pick<Access, "ledgers" | "fleet">,
  region: string,
  instance: string,
): Promise<SiteBooks> {
  const ledger = ledgers(region);
  const shard = shardOf(instance, shardCount(fleet.instances.length));
  const [roles, lock, state] = await Promise.all([
    ledger.read<Roles>(keys.roles(instance)),
    ledger.read<Lock>(keys.lock(instance)),
    ledger.read<Partial<ShardState>>(keys.shard(shard)),
  ]);
  return {
    region,
    roles: new Map(roles ? [[instance, roles.value]] : []),
    shards: state ? [readable(state.value, emptyShard(shard, region))] : [],
    locks: new Map(lock ? [[instance, lock.value]] : []),
    debts: [],
  };
}

async function allOf<T>(ledger: Ledger, prefix: string) {
  const listed = await ledger.list(prefix);
  const read = await inLanes(LANES, listed, async ({ key }) => {
    const entry = await ledger.read<T>(key);
    return entry ? [{ key, value: entry.value }] : [];
  });
  return read.flat();
}

/** `locks/acme.json` → `acme` */
const instanceOfLock = (key: string) => key.slice(prefixes.locks.length, -".json".length);
