import type { Engine as EngineName } from "./engine.ts";
import { type FoundNetwork, judgeNetwork } from "./network-checks.ts";
import { familyOf } from "./parameter-family.ts";
import { type Asked, type Check, GOOD, outcomeOf } from "./prepared-check.ts";
import { type Login, secretChecks } from "./prepared-secrets.ts";
import type { HomeGroup, RecoveryNeeds } from "./recovery-needs.ts";

export interface SubnetGroup {
  readonly vpc: string;
  /** RDS says `Complete` where all is well with it. */
  readonly status: string;
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
}

export interface ParameterGroup {
  /** `postgres15` */
  readonly family: string;
  /** What somebody has set; all others have the engine's own value. */
  readonly values: Readonly<Record<string, string>>;
}

/** A server that runs or could be restored here. */
export interface Engine {
  readonly instance: string;
  /** As RDS calls it; absent: `postgres`. */
  readonly engine?: string;
  /** `15.18` */
  readonly version: string;
}

/** Parameter groups of one engine, here and by region where primaries are. */
export interface FoundGroups {
  readonly parameterGroup: Asked<ParameterGroup>;
  readonly homes: ReadonlyMap<string, Asked<ParameterGroup>>;
}

/** A replica that runs here and would take over. */
export interface Standby {
  readonly database: string;
  /** For which it keeps backups of its own; 0: it keeps none. */
  readonly retentionDays: number;
}

/** A KMS key as KMS describes it. */
export interface KeyLook {
  /** `Enabled`, or why it opens nothing. */
  readonly state: string;
  /** ISO 8601: it is deleted then. */
  readonly deletedAt?: string;
}

/** What there is in a region. */
export interface Found extends FoundGroups {
  /** Of engines that are not PostgreSQL; `parameterGroup` and `homes` are its own. */
  readonly others: ReadonlyMap<EngineName, FoundGroups>;
  readonly network: FoundNetwork;
  readonly subnetGroup: Asked<SubnetGroup>;
  /** Of the newest backup of each instance, and of what runs here. */
  readonly engines: Asked<readonly Engine[]>;
  readonly standbys: Asked<readonly Standby[]>;
  /** By alias or ARN: those that are needed anyway, and those of the newest backups. */
  readonly keys: ReadonlyMap<string, Asked<KeyLook>>;
  /** By name. */
  readonly logins: ReadonlyMap<string, Login>;
}

/** Judges what there is by what is needed; nothing is assumed of what nobody said. */
export const judgePreparedness = (needs: RecoveryNeeds, found: Found): readonly Check[] => [
  {
    ...{ kind: "subnet-group", about: needs.subnetGroup },
    outcome: outcomeOf(found.subnetGroup, needs.region, (group) => subnetProblems(needs, group)),
  },
  ...groupChecks({ ...needs, engine: "postgres" }, found, found.engines),
  ...needs.others.flatMap((other) => {
    const there = found.others.get(other.engine);
    return there ? groupChecks({ ...other, region: needs.region }, there, found.engines) : [];
  }),
  ...standbyChecks(needs, found.standbys),
  ...judgeNetwork(needs, found.network),
  ...[...found.keys].map(
    ([about, asked]): Check => ({
      ...{ kind: "key", about },
      outcome: outcomeOf(asked, needs.region, keyProblems),
    }),
  ),
  ...secretChecks(needs, found.logins),
];

/** RDS makes no replica of a primary without backups of its own, and beginning with them then is an outage. */
const standbyChecks = (
  { region, standbys }: RecoveryNeeds,
  asked: Asked<readonly Standby[]>,
): readonly Check[] =>
  standbys.map((about) => ({
    ...{ kind: "standby-backups", about },
    outcome: outcomeOf(asked, region, (all) =>
      all.some(({ database, retentionDays }) => database === about && retentionDays === 0)
        ? ["it keeps none, so once it has taken over nothing could stand by for it"]
        : [],
    ),
  }));

/** Whatever lies under a key that opens nothing cannot be restored. */
function keyProblems({ state, deletedAt }: KeyLook): readonly string[] {
  if (state === "Enabled") return [];
  return [
    `KMS calls it '${state}'${deletedAt === undefined ? "" : `, and deletes it ${deletedAt}`}`,
  ];
}

const ZONES_NEEDED = 2;

function subnetProblems(
  { vpc, subnets }: RecoveryNeeds,
  { status, ...group }: SubnetGroup,
): readonly string[] {
  const ids = group.subnets.map(({ id }) => id);
  const missing = subnets.filter((id) => !ids.includes(id));
  const strange = ids.filter((id) => !subnets.includes(id));
  const zones = [...new Set(group.subnets.map(({ zone }) => zone))];
  return [
    ...(status === "Complete" ? [] : [`RDS calls it '${status}'`]),
    ...(group.vpc === vpc ? [] : [`it is in ${group.vpc}, not in ${vpc}`]),
    ...(missing.length === 0 ? [] : [`it lacks ${missing.join(", ")}`]),
    ...(strange.length === 0 ? [] : [`the fleet does not name ${strange.join(", ")}`]),
    ...(zones.length >= ZONES_NEEDED ? [] : [`it is in one zone only: ${zones.join("")}`]),
  ];
}

/** Of one engine. */
interface GroupNeeds extends Pick<RecoveryNeeds, "region" | "parameterGroup"> {
  readonly engine: EngineName;
  readonly homes: readonly HomeGroup[];
}

const groupChecks = (
  needs: GroupNeeds,
  found: FoundGroups,
  engines: Found["engines"],
): readonly Check[] => [
  {
    ...{ kind: "parameter-group", about: needs.parameterGroup },
    outcome: outcomeOf(found.parameterGroup, needs.region, () => []),
  },
  ...parameterChecks(needs, found, engines),
];

/** Nothing more to say of a group that is not there. */
function parameterChecks(
  needs: GroupNeeds,
  { parameterGroup: asked, homes }: FoundGroups,
  engines: Found["engines"],
): readonly Check[] {
  if (asked.state !== "there") return silentValues(needs, asked);
  const here = asked.it;
  return [
    {
      ...{ kind: "parameter-family", about: needs.parameterGroup },
      outcome: outcomeOf(engines, needs.region, (all) => familyProblems(here, needs.engine, all)),
    },
    ...needs.homes.map(({ region, parameterGroup, unlike }): Check => {
      const home = homes.get(region) ?? { state: "missing" };
      const problems = (there: ParameterGroup) => valueProblems(here, there, { region, unlike });
      // A group that is missing at home is told by the home's own site.
      const outcome = home.state === "missing" ? GOOD : outcomeOf(home, region, problems);
      return { kind: "parameter-values", about: `${parameterGroup} of ${region}`, outcome };
    }),
  ];
}

/** While a group does not say what it holds, neither does anything that rests on it. */
function silentValues(needs: GroupNeeds, asked: Asked<ParameterGroup>): readonly Check[] {
  if (asked.state !== "silent") return [];
  const outcome = { is: "unknown", region: needs.region, why: asked.why } as const;
  return [
    { kind: "parameter-family", about: needs.parameterGroup, outcome },
    ...needs.homes.map(({ region, parameterGroup }): Check => {
      return { kind: "parameter-values", about: `${parameterGroup} of ${region}`, outcome };
    }),
  ];
}

/** RDS refuses a group of another major version. */
function familyProblems(
  { family }: ParameterGroup,
  name: EngineName,
  engines: readonly Engine[],
): readonly string[] {
  const own = engines.filter(({ engine = "postgres" }) => engine === name);
  const others = own.filter(({ version }) => familyOf(version, name) !== family);
  const byFamily = Map.groupBy(others, ({ version }) => familyOf(version, name));
  return [...byFamily]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([needed, those]) => {
      const names = [...new Set(those.map(({ instance }) => instance))].toSorted();
      return `it is of ${family}, and ${some(names)} needs ${needed}`;
    });
}

function valueProblems(
  here: ParameterGroup,
  there: ParameterGroup,
  { region: home, unlike }: Pick<HomeGroup, "region" | "unlike">,
): string[] {
  // Parameters of another version have other meanings; that it is another is told by itself.
  if (here.family !== there.family) return [];
  const names = [...new Set([...Object.keys(here.values), ...Object.keys(there.values)])];
  const differing = names
    .filter((name) => here.values[name] !== there.values[name] && !unlike.includes(name))
    .toSorted();
  if (differing.length === 0) return [];
  const said = differing.map((name) => {
    const [now, wanted] = [here, there].map(({ values }) => values[name] ?? "the default");
    return `${name} is ${now}, in ${home} ${wanted}`;
  });
  return [some(said)];
}

const NAMED = 5;

const some = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(", ")
    : `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
