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
  { instance, roles }: Subject,
  { allocatedBytes, retainedBytes, isFetched, free, bound }: Low,
  at: string,
): Notice => {
  const { primary, standby } = roles;
  const fetches = isFetched ? "which does not keep up" : "which fetches nothing";
  return {
    kind: "storage-low",
    instance: instance.id,
    incident: dayOf("storage", at),
    occasion: `below-${bound}`,
    at,
    lines: [
      `${primary.database} in ${primary.region} keeps ${gib(retainedBytes)} of its log for ${standby?.database}, ${fetches}.`,
      `At most ${free} % of its ${gib(allocatedBytes)} are free. A primary whose storage is full takes no more writes.`,
      "Repair the standby. If that takes too long, give it up: the log goes with it, and so does the redundancy until there is a new one:",
      `aws rds delete-db-instance --region ${standby?.region} --db-instance-identifier ${standby?.database} --skip-final-snapshot`,
      "Runbook: docs/runbook.md#storage-low",
    ],
  };
};

/** Once a day. */
export const standbyBroken = ({ instance, roles }: Subject, said: string, at: string): Notice => {
  const { standby } = roles;
  return {
    kind: "standby-broken",
    instance: instance.id,
    incident: dayOf("standby", at),
    at,
    lines: [
      `RDS says of ${standby?.database} in ${standby?.region}: replication ${said}. It does not begin again by itself.`,
      "The instance serves, and nothing can take over: a failover now would halt.",
      "Make a new replica and give it the seat of this one. Runbook: docs/runbook.md#standby-broken",
    ],
  };
};

const dayOf = (what: string, at: string) => `${what}-${at.slice(0, 10)}`;

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
