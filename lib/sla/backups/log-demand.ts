import type { Instance } from "../fleet.ts";
import type { Plan } from "../plan.ts";
import type { Roles } from "../roles.ts";
import { GRACE_MS } from "./clause.ts";
import { longestGapMs } from "./gap.ts";
import { backupPlanOf } from "./of-plan.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Assumed of a copy on its way to another region. */
const COPY_MS = HOUR_MS;
/** A new standby is built within that after a failover; only where none is, logs are shipped in its place. */
const STANDBY_MS = 6 * HOUR_MS;
/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBInstanceAutomatedBackupsReplication.html */
const RETENTION_DAYS = { least: 1, most: 35 } as const;
/** Beyond the time that is sold for a recovery: a wrong turn, a weekend. */
const SPARE_DAYS = 7;

/** RDS uploads its logs every five minutes, and they are copied after that. */
export const LEAST_LOSS_BY_LOGS_SECONDS = 600;

/** That the logs of an instance have to be shipped to another region. */
export interface LogDemand {
  /** Regions that will do, best first. */
  readonly places: readonly string[];
  /** How long they are kept there. */
  readonly days: number;
  /** What a lost region may cost. */
  readonly rpoSeconds: number;
}

/** Seconds of writes that a lost region costs at worst, if nothing but the copies of scheduled backups is left. */
export function lossByBackupsSeconds({ backups }: Pick<Plan, "backups">): number | undefined {
  if (!backups || backups.schedules.length === 0) return undefined;
  const { schedules } = backupPlanOf(backups);
  return (longestGapMs(schedules) + GRACE_MS + COPY_MS) / 1000;
}

/** Whether a plan sells less loss with a region than its scheduled backups give. */
export function sellsLess(plan: Pick<Plan, "backups" | "siteLoss">): boolean {
  const loss = lossByBackupsSeconds(plan);
  if (!plan.siteLoss || loss === undefined) return false;
  const { rpoSeconds, rpoFrom } = plan.siteLoss;
  // Where the newest backup is what was sold, nothing newer was.
  return rpoFrom !== "newest-backup" && rpoSeconds < loss;
}

/** Undefined where the schedules, or a standby in another region, keep what was sold. */
export function logDemandOf(
  instance: Instance,
  plan: Plan,
  roles: Roles,
  nowMs: number,
): LogDemand | undefined {
  if (!(plan.siteLoss && sellsLess(plan))) return undefined;
  if (roles.standby || isBeingBuilt(instance, roles, nowMs)) return undefined;
  const { rpoSeconds, rtoSeconds } = plan.siteLoss;
  return {
    places: logPlacesOf(instance, roles.primary.region),
    days: retentionDays(rtoSeconds),
    rpoSeconds,
  };
}

/** In the order of `copies`, so that a person can choose; the home last, when the primary has left it. */
export const logPlacesOf = (
  { home, copies }: Pick<Instance, "home" | "copies">,
  primary: string,
): readonly string[] => [...new Set([...copies, home])].filter((place) => place !== primary);

/** For as long as a recovery may take, and a while. */
const retentionDays = (rtoSeconds: number): number =>
  Math.min(
    RETENTION_DAYS.most,
    Math.max(RETENTION_DAYS.least, SPARE_DAYS + Math.ceil((rtoSeconds * 1000) / DAY_MS)),
  );

const isBeingBuilt = (
  { standby }: Pick<Instance, "standby">,
  { since }: Pick<Roles, "since">,
  nowMs: number,
) => standby !== undefined && nowMs - Date.parse(since) < STANDBY_MS;
