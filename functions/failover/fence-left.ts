import { clusterAt } from "../../lib/sla/clusters.ts";
import { keys } from "../ledger/contract.ts";
import type { Admitted, Begun } from "./case.ts";
import type { FenceIntent } from "./fence-groups.ts";
import { holderOf } from "./lock.ts";
import type { PromoteIntent } from "./promote-intent.ts";
import { FENCE_OFF } from "./unfence.ts";
import type { Here } from "./world.ts";

/** What a person must know if a stop before promote left the fence on: then there is no primary at all. */
export async function fenceLeft(
  { ledgers, region: here, fleet }: Here,
  current: Begun | Admitted,
): Promise<readonly string[]> {
  if (!("before" in current)) return [];
  const { request, id, before, timeline } = current;
  const ledger = ledgers(here);
  const read = async <T>(step: string) =>
    (await ledger.read<T>(keys.failover(request.instance, id, step)))?.value;
  const intent = await read<FenceIntent>("fence");
  const isOff = timeline.some(
    ({ step, detail }) => step === "unfence" && detail.startsWith(FENCE_OFF),
  );
  if (!intent || isOff) return [];
  const { database, region } = before.primary;
  const holder = await holderOf(ledger, request.instance);
  if (holder !== undefined && holder !== current.execution) {
    const other = holder.slice(holder.lastIndexOf(":") + 1);
    return [`The fence of ${database} in ${region} stays on: ${other} has the lock.`];
  }
  if (!intent.ours) {
    return [
      `${database} in ${region} was in quarantine before this failover, and still lets no client in.`,
      "An earlier mail about it says why, and what its groups were.",
    ];
  }
  const kind = clusterAt(fleet, before.primary) === undefined ? "db-instance" : "db-cluster";
  const promotion = await read<PromoteIntent>("promote");
  return promotion?.state === "asked"
    ? [`The fence stays on ${database} in ${region}: its standby may be the primary already.`]
    : [
        `The fence is still on: ${database} in ${region} lets no client in. This takes it off:`,
        `aws rds modify-${kind} --region ${region} --${kind}-identifier ${database} --vpc-security-group-ids ${intent.groups.join(" ")} --apply-immediately`,
      ];
}
