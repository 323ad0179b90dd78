import { shardCount, shardOf } from "../../lib/sla/shards.ts";
import { keys } from "../ledger/contract.ts";
import type { Changed } from "../sql/contract.ts";
import type { GaugeRecord } from "../watch/contract.ts";
import type { FenceDebt } from "./debt.ts";
import type { Here } from "./world.ts";

/** What a primary had counted when the watch of this site last looked. What is not known holds no fence up. */
export async function countedBefore(
  { ledgers, region, fleet }: Here,
  instance: string,
  epoch: number,
): Promise<FenceDebt["counted"]> {
  const shard = shardOf(instance, shardCount(fleet.instances.length));
  const found = await ledgers(region)
    .read<GaugeRecord>(keys.gauges(shard))
    .catch(() => undefined);
  const reading = found?.value.instances[instance];
  return reading?.epoch === epoch ? reading.changed : undefined;
}

/** Undefined: the server has forgotten meanwhile what it counted, or nobody asked it before. */
export function changedSince(
  counted: Changed | undefined,
  now: Changed | undefined,
): FenceDebt["changedAtMost"] {
  if (!counted || !now || counted.counting !== now.counting) return undefined;
  const [deleted, updated] = [now.deleted - counted.deleted, now.updated - counted.updated];
  return deleted < 0 || updated < 0 ? undefined : { deleted, updated };
}
