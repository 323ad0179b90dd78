import { backupsKept } from "./backups-kept.ts";
import type { FailoverHappened } from "./books/happenings.ts";
import { type Judged, keptIf, type PromiseKept } from "./kept.ts";
import type { Plan } from "./plan.ts";
import { recoveryKept } from "./recovery-kept.ts";
import { encryptionKept, repliesKept } from "./service-kept.ts";
import { unendedOf } from "./unended.ts";

type Unmeasured =
  | "liveCopy"
  | "residency"
  | "retention"
  | "downloads"
  | "encryption"
  | "isolation"
  | "maintenance"
  | "support"
  | "leaving";

/** Every promise of a plan that the ledger can measure, as a row of one table. */
export function promisesKept(plan: Plan, judged: Judged): readonly PromiseKept[] {
  const { failovers } = judged.happened;
  const unended = unendedOf(judged, plan.watch.everySeconds);
  const server = { cases: failovers.filter(isOfServer), unended, isHaltedOurs: true };
  const site = { cases: failovers.filter(isOfSite), unended, isHaltedOurs: false };
  return [
    ...availability(judged),
    ...recoveryKept(plan.serverLoss, server, ["rtoServer", "rpoServer"]),
    ...recoveryKept(plan.siteLoss, site, ["rtoSite", "rpoSite"]),
    ...backupsKept(plan, judged),
    ...encryptionKept(plan, judged),
    ...repliesKept(plan, judged),
  ];
}

/** What else a plan sells: this report measures nothing of it. */
export function notMeasured(plan: Plan): readonly Unmeasured[] {
  const { schedules } = plan.backups ?? {};
  const sold: readonly (readonly [Unmeasured, boolean])[] = [
    ["liveCopy", plan.multiAz.required || plan.replication !== undefined],
    ["residency", plan.residency !== undefined],
    ["retention", (schedules ?? []).some(({ keep }) => keep)],
    ["downloads", plan.downloads !== undefined],
    ["encryption", plan.encryption?.atRest ?? false],
    ["isolation", plan.isolation !== undefined],
    ["maintenance", plan.maintenance !== undefined],
    ["support", plan.support !== undefined && !plan.support.replies?.length],
    ["leaving", plan.leaving !== undefined],
  ];
  return sold.flatMap(([promise, isSold]) => (isSold ? [promise] : []));
}

/** What is not known to have been more was a server: its promise is the tighter one. */
const isOfServer = ({ kind, lost = "server" }: FailoverHappened) =>
  kind === "failover" || (kind === "recovery" && lost === "server");

const isOfSite = ({ kind, lost = "server" }: FailoverHappened) =>
  kind === "recovery" && lost !== "server";

function availability({ objective, availability, held, provable }: Judged): PromiseKept[] {
  if (objective === null) return [];
  return [
    {
      promise: "availability",
      sold: { unit: "percent", text: objective },
      measured: availability === null ? null : { unit: "percent", text: availability },
      status: provable && held !== null ? keptIf(held) : "not-shown",
      evidence: ["rounds/"],
    },
  ];
}
