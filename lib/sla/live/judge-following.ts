import { type Engine, traitsOf } from "../engine.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** What a watch saw last: the newest heartbeats of a primary and of its standby; instants ISO 8601. */
export interface FollowingLook {
  /** When it looked. */
  readonly at: string;
  readonly primary?: string;
  /** Absent: it has never shown one. */
  readonly standby?: string;
}

interface Following {
  readonly id: string;
  readonly engine: Engine | undefined;
  readonly standby: { readonly region: string; readonly database: string };
  /** Milliseconds that a promotion may lose; absent: nothing is promised. */
  readonly allowedMs: number | undefined;
  /** Milliseconds of a second of a plan. */
  readonly secondMs: number;
}

/** Of what a promotion may lose, how much a standby lacks before somebody should look. */
const NEAR = 0.5;

/** Whether what stands by could take over, as far as it shows what its primary writes: RDS calls one replicating that lags for hours. */
export function judgeFollowing(
  { id, engine, standby: { region, database }, allowedMs, secondMs }: Following,
  { primary, standby }: FollowingLook,
): readonly Finding[] {
  const { broken, risk } = findingsOf({ area: "replication", about: id });
  if (primary === undefined) return [];
  if (standby === undefined) {
    const says = `${database} in ${region} has never shown a heartbeat of its primary: a failover would halt`;
    return [broken({ of: `heartbeat on ${database}`, says, mend: readsOf(engine) })];
  }
  const lagMs = Date.parse(primary) - Date.parse(standby);
  if (allowedMs === undefined || lagMs <= NEAR * allowedMs) return [];
  const [lag, allowed] = [lagMs, allowedMs].map((ms) => (ms / secondMs).toFixed(0));
  const says = `${database} in ${region} lacks the last ${lag} s of its primary, the plan lets a failover lose ${allowed} s`;
  const say = lagMs > allowedMs ? broken : risk;
  return [say({ of: `lag of ${database}`, says, mend: "npx sla status" })];
}

/** Without which right a standby says nothing of itself. */
const RIGHTS: Readonly<Partial<Record<Engine, readonly [asked: string, right: string]>>> = {
  mariadb: ["show slave status", "slave monitor"],
  mysql: ["show replica status", "replication client"],
};

function readsOf(engine: Engine | undefined): string {
  const rights = engine && RIGHTS[engine];
  if (!rights) return "npx sla status";
  const [asked, right] = rights;
  return `as sla on it: ${asked}; where ${traitsOf(engine).title} refuses that, as the master of its primary: grant ${right} on *.* to 'sla'@'%'`;
}
