import { coversDatabases, portWords, type SecurityGroup, shapeOf } from "./ingress.ts";
import { type Asked, type Check, GOOD, outcomeOf } from "./prepared-check.ts";
import type { RecoveryNeeds } from "./recovery-needs.ts";

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
}

/** The network of a region as EC2 says it is. */
export interface FoundNetwork {
  /** Of databases in service. */
  readonly service: Asked<SecurityGroup>;
  readonly quarantine: Asked<SecurityGroup>;
  /** Those that are there. */
  readonly subnets: Asked<readonly Subnet[]>;
  /** By region: the group of databases in service where primaries are. */
  readonly homes: ReadonlyMap<string, Asked<SecurityGroup>>;
}

/** Whether what comes back here is reached by whom it should be, and what is fenced here by nobody. */
export const judgeNetwork = (needs: RecoveryNeeds, found: FoundNetwork): readonly Check[] => [
  {
    ...{ kind: "subnets", about: needs.vpc },
    outcome: outcomeOf(found.subnets, needs.region, (subnets) => subnetProblems(needs, subnets)),
  },
  {
    ...{ kind: "security-group", about: needs.securityGroup },
    outcome: outcomeOf(found.service, needs.region, (group) => serviceProblems(needs, group)),
  },
  ...ruleChecks(needs, found),
  {
    ...{ kind: "quarantine-group", about: needs.quarantineGroup },
    outcome: outcomeOf(found.quarantine, needs.region, (group) => quarantineProblems(needs, group)),
  },
];

const ZONES_NEEDED = 2;

function subnetProblems({ vpc, subnets }: RecoveryNeeds, found: readonly Subnet[]) {
  const missing = subnets.filter((id) => !found.some((subnet) => subnet.id === id));
  const elsewhere = found.filter((subnet) => subnet.vpc !== vpc);
  const zones = new Set(found.map(({ zone }) => zone));
  return [
    ...(missing.length === 0 ? [] : [`${missing.join(", ")}: not there`]),
    ...elsewhere.map(({ id, vpc: other }) => `${id} is in ${other}`),
    ...(zones.size >= ZONES_NEEDED || missing.length > 0
      ? []
      : [`they are in one zone only: ${[...zones].join("")}`]),
  ];
}

const inVpc = (wanted: string, { vpc }: SecurityGroup) =>
  vpc === wanted ? [] : [`it is in ${vpc}, not in ${wanted}`];

function serviceProblems({ vpc, sqlGroup, ports }: RecoveryNeeds, group: SecurityGroup) {
  const problems = ports.flatMap((port) => {
    const covering = group.ingress.filter((rule) => coversDatabases(rule, [port]));
    const peers = covering.flatMap((rule) => rule.peers);
    const others = peers.filter(({ name }) => name !== sqlGroup);
    return [
      ...(peers.length > others.length ? [] : [`our own functions, ${sqlGroup}, are not let in`]),
      ...(others.length > 0 ? [] : [`no application is let in on port ${port}`]),
    ];
  });
  return [...inVpc(vpc, group), ...new Set(problems)];
}

/** A fence is only as good as this group: whoever it lets in goes on writing to what is fenced. */
function quarantineProblems(
  { vpc, sqlGroup, ourGroups, ports }: RecoveryNeeds,
  group: SecurityGroup,
) {
  const strangers = group.ingress.flatMap((rule) =>
    rule.peers
      .filter(({ kind, name }) => kind !== "group" || !ourGroups.includes(name))
      .map(({ name }) => `${name} on ${portWords(rule)}`),
  );
  const isIn = ports.every((port) =>
    group.ingress.some(
      (rule) => coversDatabases(rule, [port]) && rule.peers.some(({ name }) => name === sqlGroup),
    ),
  );
  return [
    ...inVpc(vpc, group),
    ...(strangers.length === 0
      ? []
      : [`it lets in ${strangers.join(", ")}: what is fenced with it can still be written to`]),
    ...(isIn ? [] : [`our own functions, ${sqlGroup}, are not let in: no session can be ended`]),
  ];
}

/** Nothing to compare with a group that is not there. */
function ruleChecks(needs: RecoveryNeeds, { service, homes }: FoundNetwork): readonly Check[] {
  if (service.state === "missing") return [];
  return needs.homes.map(({ region, securityGroup }): Check => {
    const about = `${securityGroup} of ${region}`;
    if (service.state === "silent") {
      const outcome = { is: "unknown", region: needs.region, why: service.why } as const;
      return { kind: "security-group-rules", about, outcome };
    }
    const there = homes.get(region) ?? { state: "missing" };
    const problems = (home: SecurityGroup) => shapeProblems(needs, service.it, home, region);
    // A group that is missing at home is told by the home's own site.
    const outcome = there.state === "missing" ? GOOD : outcomeOf(there, region, problems);
    return { kind: "security-group-rules", about, outcome };
  });
}

/** Who is let in has other names in every region; how many, of what kind and where is the same. */
function shapeProblems(
  { ports }: RecoveryNeeds,
  here: SecurityGroup,
  there: SecurityGroup,
  home: string,
): string[] {
  const [now, wanted] = [here, there].map(({ ingress }) => shapeOf(ingress, ports));
  return now === wanted ? [] : [`it lets in ${now}; in ${home} ${wanted}`];
}
