import type { Fleet } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LiveEvent, LiveRecord } from "./contract.ts";
import { lookLive } from "./look.ts";
import type { LiveWorld, Messenger } from "./ports.ts";
import { told } from "./telling.ts";

export interface Post {
  /** Control's. */
  readonly region: string;
  readonly fleet: Fleet;
  /** Its key in the ledger. */
  readonly fleetKey: string;
  readonly ledger: Ledger;
  readonly messenger: Messenger;
  /** Made anew for each look. */
  readonly world: LiveWorld;
}

/** A look is of its day: the next waking but one finds it this old. */
const DONE_FOR_SECONDS = 20 * 3600;
/** Of the quarter of an hour that a function has; one endpoint may take a minute of what is left. */
const BEGIN_WITHIN_SECONDS = 12 * 60;
const BEGIN_FLOOR_MS = 60_000;

/**
 * Today's look at the account, and what people hear of it; undefined if it is done. They hear before the record is written that remembers it:
 * what is told twice is better than what is forgotten.
 */
export async function dailyLook(
  { region, fleet, fleetKey, ledger, messenger, world }: Post,
  { now = false }: LiveEvent,
): Promise<LiveRecord | undefined> {
  const { clock } = world;
  const key = keys.live(region);
  const before = await ledger.read<LiveRecord>(key);
  const begun = clock.now();
  const isDone = before !== undefined && isFresh(before.value, fleetKey, begun, clock);
  if (isDone && !now) return undefined;
  const report = await lookLive(fleet, world, {
    progress: (line) => console.log(JSON.stringify({ level: "info", message: line })),
    until: new Date(begun.getTime() + clock.paced(BEGIN_WITHIN_SECONDS, BEGIN_FLOOR_MS)),
    first: new Set(before?.value.unlooked.map(({ about }) => about)),
  });
  const { notices, ...outcome } = told(report, before?.value, region, clock);
  if (notices.length > 0) await messenger.notify({ notices });
  const ids = new Set(fleet.instances.map(({ id }) => id));
  const known = Object.entries(before?.value.tls ?? {}).filter(([id]) => ids.has(id));
  const tls = { ...Object.fromEntries(known), ...report.tls };
  const record: LiveRecord = { at: report.at, fleet: fleetKey, ...outcome, tls };
  // Another look that has written meanwhile has told as well, and its record stays.
  await (before ? ledger.replace(key, record, before.tag) : ledger.create(key, record));
  return record;
}

/** Of this fleet, of today, and of everything. */
const isFresh = (
  { at, fleet, unlooked }: LiveRecord,
  fleetKey: string,
  now: Date,
  clock: LiveWorld["clock"],
): boolean =>
  fleet === fleetKey &&
  unlooked.length === 0 &&
  now.getTime() - Date.parse(at) < clock.paced(DONE_FOR_SECONDS);
