import { recoverLimit } from "../../functions/failover/loss-limit.ts";
import { formatDuration } from "../sla/duration.ts";
import { type Foreseen, judgement, locked, recovered } from "./foresee.ts";
import type { RecoveryPlan } from "./recovery-plan.ts";

/** What would halt a recovery begun now, as far as is known; the machine judges again when it runs. */
export const foreseenRecovery = (plan: RecoveryPlan): readonly Foreseen[] => [
  ...locked(plan),
  // Whoever names an instant wants what serves now, and what follows it, undone.
  ...(plan.request.recovery.at === undefined
    ? [...standbyThere(plan), ...recovered(plan), ...behind(plan)]
    : []),
];

function standbyThere({ seats, roles, request, instance }: RecoveryPlan): Foreseen[] {
  const { standby } = seats;
  if (!roles.standby || typeof standby === "string") return [];
  const { status, source, replication } = standby;
  const streams = source !== undefined && replication.includes("replicating");
  if (status !== "available" || !streams) return [];
  const { database, region } = roles.standby;
  const words = `${instance.id}: ${database} in ${region} stands by, a failover loses less than any backup: sla failover ${instance.id} --dry-run`;
  return [judgement(request, "HaltStandbyThere", words)];
}

function behind(plan: RecoveryPlan): Foreseen[] {
  const { request, instance } = plan;
  const limit = recoverLimit(request, plan.plan);
  const lost = boundSeconds(plan);
  if (!limit || lost <= limit.seconds) return [];
  const [found, allowed] = [Math.ceil(lost), limit.seconds].map(formatDuration);
  const words = `${instance.id}: what is restored ends ${found} before the disaster, ${limit.by} ${allowed}`;
  return [judgement(request, "HaltBehind", words)];
}

/** Plan seconds that the machine holds against what may be lost: up to the last good sign. */
export function boundSeconds({ request, chosen, pacer }: RecoveryPlan): number {
  const { lastGoodAt, firstBadAt } = request;
  const lostMs = Date.parse(lastGoodAt ?? firstBadAt) - Date.parse(chosen.at);
  return Math.max(0, lostMs) / pacer.paced(1);
}
