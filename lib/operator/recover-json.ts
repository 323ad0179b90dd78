import type { Candidate } from "./recover-candidates.ts";
import { foreseenRecovery } from "./recover-foresee.ts";
import type { RecoveryPlan } from "./recovery-plan.ts";

/**
 * A recovery for programs, as `sla recover --json` prints it: `{instance, region, name, request, takes, candidates, silent, lost,
 * promised, primary, lacks, halts}`; `takes` and each of `candidates` `{region, from, id?, at, proof?, database, app?}`, `lost` `{from,
 * until, seconds}`, each of `lacks` `{kind, about, detail, since}`, each of `halts` `{code, words, flag?, accepted}`. Seconds are real
 * ones, but those of `promised` are the plan's; instants are ISO 8601.
 */
export function recoveryJson(plan: RecoveryPlan) {
  const { instance, region, name, request, chosen, candidates, silent, lostUntil: until } = plan;
  const seconds = Math.max(0, Date.parse(until) - Date.parse(chosen.at)) / 1000;
  const sold = plan.plan?.siteLoss;
  return {
    ...{ instance: instance.id, region, name, request },
    takes: flat(chosen),
    candidates: candidates.map(flat),
    silent,
    lost: { from: chosen.at, until, seconds },
    ...(sold && { promised: { rpoSeconds: sold.rpoSeconds, rtoSeconds: sold.rtoSeconds } }),
    primary: plan.roles.primary,
    lacks: plan.lacks,
    halts: foreseenRecovery(plan),
  };
}

const flat = ({ seat: { database, app }, ...rest }: Candidate) => ({
  ...rest,
  database,
  ...(app !== undefined && { app }),
});
