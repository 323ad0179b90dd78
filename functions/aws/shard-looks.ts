import type { Fleet } from "../../lib/sla/fleet.ts";
import type { FollowingLook } from "../../lib/sla/live/judge-following.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { shardCount, shardOf } from "../../lib/sla/shards.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import type { ShardState } from "../watch/shard-state.ts";

type Shard = Partial<ShardState> | undefined;

/** What the watch of an instance's owner remembers of its heartbeats, under the roles of now; each shard is read once. */
export function shardLooks(ledgers: Ledgers, { instances }: Pick<Fleet, "instances">) {
  const read = new Map<string, Promise<Shard>>();
  const count = shardCount(instances.length);
  const shardAt = (owner: string, shard: string) => {
    const place = `${owner} ${shard}`;
    const known = read.get(place);
    const asked =
      known ??
      ledgers(owner)
        .read<Partial<ShardState>>(keys.shard(shard))
        .then((found) => found?.value);
    read.set(place, asked);
    return asked;
  };
  return async ({ instance, owner, epoch }: Roles): Promise<FollowingLook | undefined> => {
    const state = await shardAt(owner, shardOf(instance, count));
    const entry = state?.instances?.[instance];
    if (state?.lastSlot === undefined || entry?.epoch !== epoch) return undefined;
    const { primary, standby } = entry.beats;
    return {
      at: state.lastSlot,
      ...(primary && { primary: primary.at }),
      ...(standby && { standby: standby.at }),
    };
  };
}
