import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import { silentAfterMs } from "./inherit.ts";
import type { ShardState } from "./shard-state.ts";
import type { Subject } from "./subject.ts";

export interface Duty {
  /** Owned here: judged, told and recovered. */
  readonly own: readonly Subject[];
  /** At control: of owners that missed three rounds; judged and told, never recovered. */
  readonly inStead: readonly Subject[];
}

/** Who is looked at here in this slot. An owner never heard of gets its grace from the first look on. */
export function dutyOf(
  subjects: readonly Subject[],
  site: string,
  fleet: Fleet,
  { owners }: Pick<ShardState, "owners">,
  slot: string,
  clock: Pick<Clock, "paced">,
): Duty {
  const own = subjects.filter(({ roles }) => roles.owner === site);
  if (site !== fleet.control) return { own, inStead: [] };
  const inStead = subjects.filter((subject) => {
    const heard = owners[subject.roles.owner];
    const silentMs = Date.parse(slot) - Date.parse(heard ?? slot);
    return subject.roles.owner !== site && silentMs > silentAfterMs(subject, clock);
  });
  return { own, inStead };
}

/** The newest slot each other owner of these subjects has looked at; those that do not answer are left out. */
export async function heardOwners(
  subjects: readonly Subject[],
  site: string,
  shard: string,
  ledgers: Ledgers,
): Promise<Readonly<Record<string, string>>> {
  const owners = new Set(
    subjects.map(({ roles }) => roles.owner).filter((owner) => owner !== site),
  );
  const heard = await Promise.all(
    [...owners].map(async (owner) => {
      try {
        const state = await ledgers(owner).read<ShardState>(keys.shard(shard));
        return state ? [[owner, state.value.lastSlot] as const] : [];
      } catch {
        return [];
      }
    }),
  );
  return Object.fromEntries(heard.flat());
}

/** Adds what was heard; an owner that has never answered is counted from this slot on. */
export function withOwners(
  { owners }: ShardState,
  subjects: readonly Subject[],
  heard: Readonly<Record<string, string>>,
  slot: string,
): ShardState["owners"] {
  const named = new Set(subjects.map(({ roles }) => roles.owner));
  return Object.fromEntries(
    [...named].map((owner) => [owner, latest(owners[owner], heard[owner]) ?? slot]),
  );
}

const latest = (one: string | undefined, other: string | undefined) =>
  [one, other]
    .filter((slot) => slot !== undefined)
    .toSorted((a, b) => Date.parse(b) - Date.parse(a))[0];
