import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { Silence } from "./contract.ts";

/** A shard of this site, and all there are: one that does not exist any more hears nothing and says nothing. */
interface Listener {
  readonly shard: string;
  readonly shards: readonly string[];
}

/** The silence that this shard's is part of: the one that is open, else a new one. Repeating it changes nothing. */
export async function joinSilence(
  ledger: Ledger,
  { shard, shards }: Listener,
  fresh: Pick<Silence, "site" | "incident" | "since">,
): Promise<Silence> {
  const own: Silence = { ...fresh, shards: [shard] };
  const joined = await rewrite<Silence>(ledger, keys.silence(fresh.site), (known) => {
    const there = known?.shards.filter((each) => shards.includes(each)) ?? [];
    if (!known || there.length === 0) return own;
    return there.includes(shard) ? undefined : { ...known, shards: [...there, shard] };
  });
  return joined ?? own;
}

/** The silence that is over with this shard; undefined while others still hear nothing, or where nobody knows of any. */
export async function leaveSilence(
  ledger: Ledger,
  { shard, shards }: Listener,
  site: string,
): Promise<Silence | undefined> {
  const left = await rewrite<Silence>(ledger, keys.silence(site), (known) => {
    if (!known?.shards.includes(shard)) return undefined;
    return {
      ...known,
      shards: known.shards.filter((each) => each !== shard && shards.includes(each)),
    };
  });
  return left?.shards.length === 0 ? left : undefined;
}
