import { LEAST_LOSS_BY_LOGS_SECONDS } from "./backups/log-demand.ts";
import { wayOf } from "./budget-parts.ts";
import type { Finding, Sold } from "./check.ts";
import { isRegional } from "./clusters.ts";
import { formatDuration } from "./duration.ts";
import type { Plan, Recovery } from "./plan.ts";
import { rtoBudget } from "./rto-budget.ts";
import { siteRpoByBackups } from "./site-rpo.ts";
import { cadenceUpTo } from "./which-number.ts";

/** RTO and RPO of both losses, by the standby where there is one, else by a restore. */
export function recoveryPromises(sold: Sold): readonly Finding[] {
  const { serverLoss, siteLoss } = sold.plan;
  return [
    ...(serverLoss
      ? [rto(sold, "server loss", serverLoss), rpo(sold, "server loss", serverLoss)]
      : []),
    ...(siteLoss ? [rto(sold, "site loss", siteLoss), rpo(sold, "site loss", siteLoss)] : []),
  ];
}

function rto(sold: Sold, loss: string, promised: Recovery): Finding {
  const { plan, instance } = sold;
  const way = wayOf(instance);
  const { failover: mode, dns } = instance;
  const budget = rtoBudget({ plan, ttlSeconds: dns.ttl, way, mode, promised });
  const finding = compared(sold, `RTO ${loss}`, promised.rtoSeconds, budget.totalSeconds);
  if (way === "cluster failover" && promised === plan.siteLoss) return regionLost(finding);
  if (way === "restore") return withoutStandby(finding);
  if (!budget.change) return finding;
  return { ...finding, change: budget.change.advice, where: budget.change.where };
}

/** A restore that is quick enough is promised, but nothing in this version does it. */
function withoutStandby(finding: Finding): Finding {
  if (finding.status === "kept") return { ...finding, status: "not-yet-covered" };
  const change = "add a standby: restoring a backup takes longer than promised";
  return { ...finding, change, where: { of: "instance", path: [] } };
}

/** All members of a cluster are in one region. */
const regionLost = ({ promise, promised, covers }: Finding): Finding => ({
  ...{ promise, promised, covers },
  status: "broken",
  change: "leave siteLoss: out, or make it an Aurora global database with a standby elsewhere",
  where: { of: "instance", path: ["database"] },
});

function rpo(sold: Sold, loss: string, promised: Recovery): Finding {
  const { plan, instance } = sold;
  const name = `RPO ${loss}`;
  if (isRegional(instance)) {
    const finding = compared(sold, name, promised.rpoSeconds, 0);
    return promised === plan.siteLoss ? regionLost(finding) : { ...finding, restsOn: BY_RDS };
  }
  if (instance.standby !== undefined) {
    const finding = compared(sold, name, promised.rpoSeconds, provenRpoSeconds(plan));
    return finding.status === "kept" ? finding : { ...finding, ...cadenceFor(plan, promised) };
  }
  const common = {
    ...{ promise: name, promised: formatDuration(promised.rpoSeconds) },
    covers: "database",
  } as const;
  if (promised.rpoSeconds >= LEAST_LOSS_BY_LOGS_SECONDS) {
    const byBackups = promised === plan.siteLoss ? siteRpoByBackups(sold) : {};
    return { ...common, status: "not-yet-covered", ...byBackups };
  }
  const change = "add a standby: backups alone lose more than promised";
  const where = { of: "instance", path: [] } as const;
  return { ...common, status: "broken", change, where };
}

/** Aurora's members share one storage; of a Multi-AZ DB cluster one that waits has what is acknowledged. */
const BY_RDS = "by the word of RDS: whoever takes over within a cluster has what was acknowledged";

/** What a healthy link between two regions lags at most. */
const LAG_SECONDS = 30;

/**
 * What the watch can prove at the moment of failure: the last beat it saw on the standby is one look, one
 * beat (as often as a look) and the lag old.
 */
const provenRpoSeconds = ({ watch }: Plan) => 2 * watch.everySeconds + LAG_SECONDS;

function cadenceFor({ watch: { everySeconds } }: Plan, { rpoSeconds }: Recovery) {
  const most = cadenceUpTo(Math.floor((rpoSeconds - LAG_SECONDS - 1) / 2));
  if (most < 1) {
    const change = `raise rpoSeconds from ${rpoSeconds} to at least ${LAG_SECONDS + 3}: an asynchronous standby proves no less`;
    return { change, where: { of: "plan", path: [] } } as const;
  }
  const change = `lower watch.everySeconds from ${everySeconds} to at most ${most}`;
  return { change, where: { of: "plan", path: ["watch", "everySeconds"] } } as const;
}

function compared(
  { instance }: Sold,
  promise: string,
  promised: number,
  achievable: number,
): Finding {
  const margin = promised - achievable;
  return {
    promise,
    status: margin > 0 ? "kept" : "broken",
    promised: formatDuration(promised),
    achievable: formatDuration(achievable),
    margin: formatDuration(margin),
    covers: instance.app?.standby === undefined ? "database" : "application",
    seconds: { promised, achievable, margin },
  };
}
