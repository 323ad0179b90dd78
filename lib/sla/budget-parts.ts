import { isRegional } from "./clusters.ts";
import { traitsOf } from "./engine.ts";
import type { Instance } from "./fleet.ts";
import type { Plan } from "./plan.ts";

/** One thing that takes time between the first unanswered request and the next good answer. */
export interface BudgetPart {
  readonly name: string;
  readonly seconds: number;
  /** Where the figure comes from. */
  readonly because: string;
  /** Promotion and DNS are left out by plans whose RTO does not include them. */
  readonly of: "recovery" | "promotion and DNS";
}

/**
 * How an instance comes back: its standby is promoted, the writer of its global database moves, another member of its cluster writes, or
 * its newest backup is restored.
 */
type Way = "failover" | "global failover" | "cluster failover" | "restore";

export function wayOf({ standby, database }: Pick<Instance, "standby" | "database">): Way {
  if (isRegional({ database })) return "cluster failover";
  if (standby === undefined) return "restore";
  return traitsOf(database.engine).isCluster ? "global failover" : "failover";
}

export interface Recovering {
  readonly plan: Plan;
  readonly ttlSeconds: number;
  readonly way: Way;
  /** What waiting for a person takes; empty if nobody is asked. */
  readonly person: readonly BudgetPart[];
}

/** The parts in the order they happen. Worst cases: nothing overlaps. */
export function partsOf({ plan, ttlSeconds, way, person }: Recovering): readonly BudgetPart[] {
  const ttl = dns("TTL", ttlSeconds, "dns.ttl: resolvers keep the old answer");
  // The endpoint of a cluster is led to its new writer by RDS: no record of ours changes.
  const names = way === "cluster failover" ? [] : [FLIP, ttl];
  return [...noticing(plan), ...person, ...WORK[way], ...names, RECONNECT];
}

const recovery = (name: string, seconds: number, because: string): BudgetPart => ({
  name,
  seconds,
  because,
  of: "recovery",
});

const dns = (name: string, seconds: number, because: string): BudgetPart => ({
  name,
  seconds,
  because,
  of: "promotion and DNS",
});

/** Connect and answer time-outs of a probe: 3 s and 5 s, see `PROBE_TIMEOUTS`. */
const LOOK_TIMEOUT_SECONDS = 8;

function noticing({ watch: { badRounds, everySeconds }, multiAz }: Plan): readonly BudgetPart[] {
  return [
    recovery(
      "detection",
      badRounds * everySeconds + LOOK_TIMEOUT_SECONDS,
      `${badRounds} bad rounds every ${everySeconds} s, one probe's time-outs`,
    ),
    recovery("Multi-AZ", multiAz.waitSeconds, "what RDS's own failover is given first"),
    recovery("decision", 30, "admission with a second look, evidence, preflight"),
  ];
}

/** RDS states no duration for a restore; hours are usual for a tier without a standby. */
const RESTORE_SECONDS = 7200;

const WORK: Readonly<Record<Way, readonly BudgetPart[]>> = {
  failover: [
    dns("fence", 60, "quarantine group and severed sessions, or a fence debt"),
    dns("drain", 60, "cap on the replay of received WAL"),
    dns("promotion", 720, "RDS takes 3 to 12 minutes, reboot included"),
    dns("proof", 60, "five-part gate and a proof write"),
  ],
  "global failover": [
    dns("fence", 60, "quarantine group and severed sessions, or a fence debt"),
    dns("drain", 60, "cap on the wait for the secondary cluster"),
    dns("promotion", 600, "Aurora moves the writer within minutes, AWS says; never measured here"),
    dns("proof", 60, "five-part gate and a proof write"),
  ],
  "cluster failover": [
    dns(
      "promotion",
      180,
      "another member writes within a minute or so, AWS says; never measured here",
    ),
    dns("proof", 60, "the gate and a proof write"),
  ],
  restore: [
    recovery("restore", RESTORE_SECONDS, "hours are usual without a standby"),
    recovery("proof", 60, "five-part gate and a proof write"),
  ],
};

const FLIP = dns("record flip", 60, "Route 53 tells all its servers within 60 s");
const RECONNECT = dns("client reconnect", 120, "pools notice dead sockets, given keepalives");
