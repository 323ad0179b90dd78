import { keepsBinaryLogs } from "../../lib/sla/engine.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { freePercent } from "../../lib/sla/storage.ts";
import { keys } from "../ledger/contract.ts";
import type { Notice } from "../notify/contract.ts";
import { type GaugeRecord, TICK_SECONDS, type TickEvent } from "./contract.ts";
import { dropDue } from "./drop-due.ts";
import { type Applied, boundPassed, type Gauged, gaugedIn, gaugeReading } from "./gauges.ts";
import type { Site } from "./pass.ts";
import { emptyShard, readable, type ShardState } from "./shard-state.ts";
import { rowsUnreadable, standbyBroken, storageLow } from "./storage-notices.ts";
import { type Subject, subjectsOf } from "./subject.ts";

/** Adding up the sizes of databases costs a server something, and a disk does not fill in a minute. */
const EVERY_TICKS = 5;
/** What lasts until a person grants something is said again once a day, and leaves once. */
const DAILY_TICKS = 1440;
/** Plan seconds in which the same standby is given up once at most. */
const DROPS_ONCE_IN_SECONDS = 3600;

/**
 * Looks, every five minutes, whether the log that a primary keeps for its standby is about to fill its storage, and
 * whether RDS has given the replication up. Only what this site owns. Resolves to what did not work; what
 * could not be told is told with the next look, and a day later once more.
 */
export async function watchStorage(
  { scheduledTime, shard }: TickEvent,
  fleet: Fleet,
  site: Site,
): Promise<readonly string[]> {
  const slotMs = Date.parse(scheduledTime);
  const tick = Math.round(slotMs / (TICK_SECONDS * site.clock.paced(1)));
  if (tick % EVERY_TICKS !== 0) return [];
  try {
    const owned = subjectsOf(fleet, shard, await site.roles.all()).filter(
      ({ roles }) => roles.owner === site.site && roles.standby,
    );
    if (owned.length === 0) return [];
    const applied = await appliedOf(owned, shard, site);
    const found = await Promise.all(
      [...Map.groupBy(owned, ({ roles }) => roles.primary.region)].map(([region, subjects]) =>
        gaugedIn(region, subjects, site.eyes, applied),
      ),
    );
    const reminds = tick % DAILY_TICKS === 0;
    return await told(found.flat(), shard, { slotMs, reminds }, site);
  } catch (cause) {
    return [wordsOf(cause)];
  }
}

/** By the looks: of a standby that is silent what it said last. */
async function appliedOf(
  subjects: readonly Subject[],
  shard: string,
  site: Site,
): Promise<Applied> {
  if (!subjects.some(({ instance }) => keepsBinaryLogs(instance.database.engine))) {
    return () => undefined;
  }
  const { instances } = await stateOf(shard, site);
  return ({ instance: { id, database }, roles: { epoch } }) => {
    const entry = keepsBinaryLogs(database.engine) ? instances[id] : undefined;
    return entry?.epoch === epoch ? entry.beats.replayed : undefined;
  };
}

async function stateOf(shard: string, { ledgers, site }: Site): Promise<ShardState> {
  const found = await ledgers(site).read<Partial<ShardState>>(keys.shard(shard));
  return readable(found?.value, emptyShard(shard, site));
}

/** All at once: a mail that cannot leave keeps no standby. */
async function told(
  gauged: readonly Gauged[],
  shard: string,
  { slotMs, reminds }: { readonly slotMs: number; readonly reminds: boolean },
  site: Site,
): Promise<readonly string[]> {
  const at = new Date(slotMs).toISOString();
  const notices = gauged.flatMap((each) => [
    ...noticesOf(each, at),
    ...(reminds && each.use?.unreadTables
      ? [rowsUnreadable(each.subject, each.use.unreadTables, at)]
      : []),
  ]);
  const outcomes = await Promise.allSettled([
    ...(notices.length > 0 ? [site.messenger.notify({ notices })] : []),
    noteGauges(gauged, shard, at, site),
    giveUp(gauged, shard, slotMs, site),
  ]);
  return outcomes.flatMap((each) => (each.status === "rejected" ? [wordsOf(each.reason)] : []));
}

function noticesOf(gauged: Gauged, at: string): readonly Notice[] {
  const { subject, use, broken } = gauged;
  const bound = boundPassed(gauged);
  return [
    ...(use && bound !== undefined
      ? [storageLow(subject, { ...use, free: freePercent(use), bound }, at)]
      : []),
    ...(broken === undefined ? [] : [standbyBroken(subject, broken, at)]),
  ];
}

/** For `sla status`: the last look counts, so a write that another overtakes is no loss. */
async function noteGauges(
  gauged: readonly Gauged[],
  shard: string,
  at: string,
  { ledgers, site }: Site,
): Promise<void> {
  const ledger = ledgers(site);
  const key = keys.gauges(shard);
  const known = await ledger.read<GaugeRecord>(key);
  const before = known?.value.instances ?? {};
  const instances = Object.fromEntries(
    gauged.map((each) => {
      const { id } = each.subject.instance;
      return [id, gaugeReading(each, at, before[id])];
    }),
  );
  const record: GaugeRecord = { at, instances };
  await (known ? ledger.replace(key, record, known.tag) : ledger.create(key, record));
}

async function giveUp(
  gauged: readonly Gauged[],
  shard: string,
  slotMs: number,
  world: Site,
): Promise<void> {
  const { site, clock, replacer } = world;
  if (gauged.every(({ subject }) => subject.plan.storage?.dropStandbyBelowPercent === undefined)) {
    return;
  }
  const state = await stateOf(shard, world);
  const hourMs = clock.paced(DROPS_ONCE_IN_SECONDS);
  const hour = new Date(Math.floor(slotMs / hourMs) * hourMs).toISOString();
  const at = new Date(slotMs).toISOString();
  const due = gauged.flatMap((each) => dropDue(each, state, { hour, at }) ?? []);
  await Promise.all(due.map((request) => replacer.start(site, request)));
}

const wordsOf = (cause: unknown) =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
