import type { Window } from "../../lib/sla/books/window.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { shardsOf } from "../../lib/sla/shards.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { keptReader, rolesReader } from "../ledger/fleet.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import { announced, windowsReader } from "../ledger/maintenance.ts";
import type { ShelfState } from "../reconcile/contract.ts";
import type { IncidentRecord, WatchedShard } from "../watch/contract.ts";
import { DAYS_SHOWN } from "./days.ts";

/** What one site's ledger says of a whole fleet. */
export interface Said {
  readonly region: string;
  readonly roles: ReadonlyMap<string, Roles>;
  readonly shards: readonly WatchedShard[];
  /** That began within the days of a page. */
  readonly incidents: readonly Partial<IncidentRecord>[];
  /** Records of maintenance. */
  readonly maintenance: Pick<Ledger, "list" | "read">;
  /** Absent before the first pass of its backups. */
  readonly shelf?: ShelfState;
}

export interface Heard {
  readonly said: readonly Said[];
  /** Of maintenance, as all of them together have it. */
  readonly windows: readonly Window[];
  /** Sites that do not answer; of them `said` has what they said last in this process, if anything. */
  readonly silent: readonly string[];
}

const LANES = 16;
const DAY_MS = 86_400_000;

/** Asks all sites at once. Rejects only for what is a mistake of ours. */
export function listener(
  { sites }: Pick<Fleet, "sites">,
  ledgers: Ledgers,
  clock: Clock,
): (fleet: Pick<Fleet, "instances">) => Promise<Heard> {
  const readers = Object.keys(sites).map((region) => ({
    region,
    read: siteReader(ledgers(region), region, clock),
  }));
  const last = new Map<string, Said>();
  return async (fleet) => {
    const shards = shardsOf(fleet);
    const asked = await Promise.all(
      readers.map(async ({ region, read }) => {
        try {
          last.set(region, await read(shards));
          return [];
        } catch (cause) {
          if (!(cause instanceof SlaError)) throw cause;
          return [region];
        }
      }),
    );
    const said = [...last.values()];
    const { windows } = await announced(said.map(({ maintenance }) => maintenance));
    return { said, windows, silent: asked.flat() };
  };
}

function siteReader(ledger: Ledger, region: string, clock: Clock) {
  const roles = rolesReader(ledger, clock);
  const isRecent = (key: string) => {
    const oldest = new Date(clock.now().getTime() - (DAYS_SHOWN + 1) * DAY_MS).toISOString();
    return dayIn(key) >= oldest.slice(0, 10).replaceAll("-", "");
  };
  const incidents = keptReader<Partial<IncidentRecord>>(ledger, prefixes.allIncidents, isRecent);
  const windows = windowsReader(ledger);
  return async (shards: readonly string[]): Promise<Said> => {
    const [known, states, records, maintenance, shelf] = await Promise.all([
      roles.all(),
      inLanes(LANES, shards, (shard) => ledger.read<WatchedShard>(keys.shard(shard))),
      incidents(),
      windows(),
      ledger.read<ShelfState>(keys.shelf(region)),
    ]);
    return {
      region,
      roles: known,
      shards: states.flatMap((state) => state?.value ?? []),
      incidents: records,
      maintenance,
      ...(shelf && { shelf: shelf.value }),
    };
  };
}

/** `incidents/acme/20261122100500000.json` → `20261122`: ids of incidents begin with their day. */
const dayIn = (key: string): string => key.slice(key.lastIndexOf("/") + 1).slice(0, 8);
