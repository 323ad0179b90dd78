import type { Engine } from "./engine.ts";
import type { ParameterGroup } from "./preparedness.ts";

/** A value of a parameter group that a promise should not rest on. */
export interface ParameterFault {
  readonly name: string;
  /** `broken`: no standby stands by with it. `risk`: some night it costs rows, or says what nobody should hear. */
  readonly weight: "broken" | "risk";
  readonly says: string;
  /** The value to set; absent: none. */
  readonly wants?: string;
}

interface Rule extends Omit<ParameterFault, "says"> {
  /** Undefined: nobody has set it, the engine's own holds. */
  readonly isGood: (value: string | undefined, family: string) => boolean;
  readonly because: string;
}

const isOn = (value: string | undefined) => /^(1|on)$/i.test(value ?? "");
const unsetOr = (pattern: RegExp) => (value: string | undefined) =>
  value === undefined || pattern.test(value);
/** Families in which RDS lets clients in without TLS unless it is told otherwise. */
const PLAIN_BY_DEFAULT = /^(mariadb10\.|mysql8\.0)/;

/** By which a replica leaves out what its primary writes. */
const FILTERS = [
  ...["do-db", "ignore-db", "do-table", "ignore-table", "wild-do-table", "wild-ignore-table"],
];

const OF_BOTH: readonly Rule[] = [
  {
    ...{ name: "read_only", weight: "broken", wants: "{TrueIfReplica}" },
    isGood: unsetOr(/^\{TrueIfReplica\}$/i),
    because: "a replica has to refuse writes, and what is promoted to take them",
  },
  ...FILTERS.map(
    (filter): Rule => ({
      ...{ name: `replicate-${filter}`, weight: "broken" },
      isGood: unsetOr(/^$/),
      because: "a standby that leaves anything out takes over without it, and nobody is told",
    }),
  ),
  {
    ...{ name: "innodb_flush_log_at_trx_commit", weight: "risk", wants: "1" },
    isGood: unsetOr(/^1$/),
    because: "a crash takes with it what was acknowledged",
  },
  {
    ...{ name: "sync_binlog", weight: "risk", wants: "1" },
    isGood: unsetOr(/^1$/),
    because: "after a crash a standby lacks what its primary has, and nobody is told",
  },
  {
    ...{ name: "binlog_format", weight: "risk", wants: "ROW" },
    isGood: unsetOr(/^(row|mixed)$/i),
    because: "statements may do something else on the standby",
  },
  {
    ...{ name: "require_secure_transport", weight: "risk", wants: "1" },
    isGood: (value, family) => (value === undefined ? !PLAIN_BY_DEFAULT.test(family) : isOn(value)),
    because: "clients are let in without TLS",
  },
];

const RULES: Readonly<Record<Engine, readonly Rule[]>> = {
  postgres: [],
  "aurora-postgresql": [],
  "aurora-mysql": [],
  "postgres-cluster": [],
  mariadb: OF_BOTH,
  mysql: [
    ...OF_BOTH,
    {
      ...{ name: "gtid_mode", weight: "risk", wants: "ON" },
      isGood: (value) => /^on$/i.test(value ?? ""),
      because: "nobody can say what an old primary wrote that its successor never had",
    },
    ...["replica", "slave"].map(
      (follower): Rule => ({
        ...{ name: `${follower}_preserve_commit_order`, weight: "risk", wants: "1" },
        isGood: unsetOr(/^(1|on)$/i),
        because: "a standby may show a heartbeat without what was committed before it",
      }),
    ),
  ],
};

/** What of a group's values is not as a standby, a crash or a client needs it. */
export const parameterFaults = (
  engine: Engine,
  { family, values }: Pick<ParameterGroup, "family" | "values">,
): readonly ParameterFault[] =>
  RULES[engine].flatMap(({ isGood, because, ...rule }) => {
    const value = values[rule.name];
    if (isGood(value, family)) return [];
    return [{ ...rule, says: `${rule.name} is ${value ?? "not set"}: ${because}` }];
  });

/** How a person sets it as it has to be, in a group of their own. */
export function parameterMend(
  region: string,
  group: string,
  { name, wants }: Pick<ParameterFault, "name" | "wants">,
): string {
  const [command, value] =
    wants === undefined ? ["reset", ""] : ["modify", `,ParameterValue=${wants}`];
  return `aws --region ${region} rds ${command}-db-parameter-group --db-parameter-group-name ${group} --parameters "ParameterName=${name}${value},ApplyMethod=pending-reboot"`;
}
