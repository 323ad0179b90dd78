import { keepsBinaryLogs } from "../../lib/sla/engine.ts";
import type { FailoverMode } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import type { Notice } from "../notify/contract.ts";
import type { Storage } from "../sql/contract.ts";
import type { Subject } from "./subject.ts";

interface Low extends Storage {
  readonly allocatedBytes: number;
  /** Percent, at most. */
  readonly free: number;
  /** The bound that was passed, percent. */
  readonly bound: number;
}

/** Once a day for each bound that was passed. */
export const storageLow = (
  { instance, plan, roles }: Subject,
  { allocatedBytes, retainedBytes, isFetched, free, bound }: Low,
  at: string,
): Notice => {
  const { primary, standby } = roles;
  const fetches = isFetched ? "which does not keep up" : "which fetches nothing";
  return {
    kind: "storage-low",
    instance: instance.id,
    incident: incidentOf("storage", at),
    occasion: `below-${bound}`,
    at,
    lines: [
      `${primary.database} in ${primary.region} keeps ${gib(retainedBytes)} of its log for ${standby?.database}, ${fetches}.`,
      `At most ${free} % of its ${gib(allocatedBytes)} are free. A primary whose storage is full takes no more writes.`,
      ...whatFollows(plan, instance.failover),
      ...(keepsBinaryLogs(instance.database.engine) ? [KEPT_ANYWAY] : []),
      `npx sla reprotect ${instance.id} --drop-standby --reason '…'`,
      "Runbook: docs/runbook.md#storage-low",
    ],
  };
};

const KEPT_ANYWAY =
  "What 'binlog retention hours' keeps does not go with it; as the master, on the primary: call mysql.rds_show_configuration";

function whatFollows({ storage }: Plan, mode: FailoverMode): readonly string[] {
  const bound = storage?.dropStandbyBelowPercent;
  const goes = "the log goes with it, and so does the redundancy until a new one streams:";
  if (bound === undefined || mode === "alert-only") {
    return [`Repair the standby. If that takes too long, give it up: ${goes}`];
  }
  return [
    `Repair the standby. Below ${bound} % it is given up by itself, and a new one built; until that streams nothing stands by.`,
    `To give it up now, ${goes}`,
  ];
}

/** Once a day. */
export const standbyBroken = ({ instance, roles }: Subject, said: string, at: string): Notice => {
  const { standby } = roles;
  return {
    kind: "standby-broken",
    instance: instance.id,
    incident: incidentOf("standby", at),
    at,
    lines: [
      `RDS says of ${standby?.database} in ${standby?.region}: replication ${said}. It does not begin again by itself.`,
      "The instance serves, and nothing can take over: a failover now would halt.",
      "If it cannot be mended, delete it and have a new one built; nothing stands by until that streams:",
      `npx sla reprotect ${instance.id} --drop-standby --reason '…'`,
      "Runbook: docs/runbook.md#standby-broken",
    ],
  };
};

/** Once under the same roles. */
export const rowsUnreadable = (
  { instance, roles: { primary, epoch } }: Subject,
  tables: number,
  at: string,
): Notice => ({
  kind: "rows-unreadable",
  instance: instance.id,
  incident: `tables-e${epoch}`,
  at,
  lines: [
    `Our login may not read ${tables} ${tables === 1 ? "table" : "tables"} of ${primary.database} in ${primary.region}.`,
    "After a failover nobody could look there for rows that the new primary never had, and no loss would be final.",
    "As master user, in its database (PostgreSQL 14 and later): grant pg_read_all_data to sla",
    "Runbook: docs/runbook.md#rows-unreadable",
  ],
});

/** One for each day. */
export const incidentOf = (what: string, at: string) => `${what}-${at.slice(0, 10)}`;

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
