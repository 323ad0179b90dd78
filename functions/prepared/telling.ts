import type { Check } from "../../lib/sla/prepared-check.ts";
import type { Notice } from "../notify/contract.ts";
import type { Lack, PreparedRecord, Unknown } from "./contract.ts";

export interface Told {
  readonly lacks: readonly Lack[];
  readonly unknown: readonly Unknown[];
  readonly notices: readonly Notice[];
}

/**
 * What people hear of a look: each lack once, again when it has changed, and that it is no more. Of what nobody said, what was
 * lacking before goes on lacking.
 */
export function told(
  checks: readonly Check[],
  before: PreparedRecord | undefined,
  region: string,
  at: string,
): Told {
  const known = new Map((before?.lacks ?? []).map((lack) => [keyOf(lack), lack]));
  const unknown = checks.flatMap(({ kind, about, outcome }) =>
    outcome.is === "unknown" ? [{ kind, about, region: outcome.region, why: outcome.why }] : [],
  );
  const found = checks.flatMap(({ kind, about, outcome }) => {
    if (outcome.is !== "lacking") return [];
    const since = known.get(keyOf({ kind, about }))?.since ?? at;
    return [{ kind, about, detail: outcome.detail, since }];
  });
  const lacks = [...found, ...unknown.flatMap((each) => known.get(keyOf(each)) ?? [])];
  // What is not even asked for any more, or cannot be judged because more is missing, is no good news.
  const good = new Set(checks.filter(({ outcome }) => outcome.is === "good").map(keyOf));
  const fresh = found.filter((lack) => known.get(keyOf(lack))?.detail !== lack.detail);
  const over = [...known.values()].filter((lack) => good.has(keyOf(lack)));
  const unsound = fresh.filter(({ kind }) => kind === "quarantine-group");
  const others = fresh.filter(({ kind }) => kind !== "quarantine-group");
  return {
    ...{ lacks, unknown },
    notices: [
      ...(unsound.length > 0 ? [fenceUnsound(unsound, region, at)] : []),
      ...(others.length > 0 ? [unprepared(others, region, at)] : []),
      ...(over.length > 0 ? [prepared(over, lacks.length, region, at)] : []),
    ],
  };
}

const keyOf = ({ kind, about }: Pick<Lack, "kind" | "about">) => `${kind} ${about}`;

/** A mail names so many; `sla status` names all. */
const NAMED = 20;

const named = (lacks: readonly Lack[], line: (lack: Lack) => string): readonly string[] => [
  ...lacks.slice(0, NAMED).map(line),
  ...(lacks.length > NAMED ? [`And ${lacks.length - NAMED} more.`] : []),
];

const unprepared = (lacks: readonly Lack[], region: string, at: string): Notice => ({
  kind: "recovery-unprepared",
  ...common(region, at),
  lines: [
    `What a recovery in ${region} would need has changed; nothing is down:`,
    ...named(lacks, (lack) => `${WORDS[lack.kind]} ${lack.about}: ${lack.detail}.`),
    "All that is lacking, in every region: npx sla status",
    "Runbook: docs/runbook.md#recovery-unprepared",
  ],
});

/** Worse than any other lack: a failover relies on it, and promotes beside a primary that is not fenced. */
const fenceUnsound = (lacks: readonly Lack[], region: string, at: string): Notice => ({
  kind: "fence-unsound",
  ...common(region, at),
  lines: [
    `A primary that is fenced in ${region} would not be cut off as it should; nothing is down:`,
    ...named(lacks, (lack) => `${WORDS[lack.kind]} ${lack.about}: ${lack.detail}.`),
    "Runbook: docs/runbook.md#fence-unsound",
  ],
});

const prepared = (lacks: readonly Lack[], left: number, region: string, at: string): Notice => ({
  kind: "recovery-prepared",
  ...common(region, at),
  lines: [
    ...named(lacks, (lack) => `${WORDS[lack.kind]} ${lack.about}: no longer wrong.`),
    left === 0
      ? `A recovery in ${region} finds all that it needs.`
      : `Still lacking in ${region}: ${left}. Which: npx sla status`,
  ],
});

const common = (region: string, at: string) => ({
  ...{ instance: region, at },
  incident: `prepared-${region}-${at.replace(/\D/g, "").slice(0, 12)}`,
});

export const WORDS = {
  "subnet-group": "subnet group",
  "parameter-group": "parameter group",
  "parameter-family": "parameter group",
  "parameter-values": "parameters, unlike",
  "standby-backups": "backups of",
  subnets: "subnets of",
  "security-group": "security group",
  "security-group-rules": "security group, unlike",
  "quarantine-group": "quarantine group",
  "stop-check": "health check",
  key: "KMS key",
  secret: "secret",
  "secret-copy": "secret",
} as const satisfies Record<Lack["kind"], string>;
