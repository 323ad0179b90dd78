import { ADOPTED_NAMES, type Engine } from "../../sla/engine.ts";
import { type Entry, leaf, section } from "./draft.ts";
import type { RegionSurvey } from "./survey.ts";

/** As RDS demands, and one more where there is one. */
const SUBNETS = 3;

/** The network of a region, as its databases have it. */
export function proposeSite(survey: RegionSurvey, why?: string): Entry {
  const { region, databases } = survey;
  const [securityGroup, ...others] = byUse(databases.flatMap((each) => each.groups));
  const [parameterGroup] = parameterGroupsOf(survey, "postgres");
  const vpc = vpcOf(survey, securityGroup);
  const also = others.length > 0 ? `also ${others.join(", ")}` : undefined;
  const told = (value: string | undefined, question: string, note?: string) =>
    leaf(value === undefined ? { question } : { value, ...(note !== undefined && { note }) });
  const subnets = subnetsIn(survey, vpc);
  return section(
    [
      ["vpc", told(vpc, `the VPC of databases in ${region}`)],
      [
        "subnets",
        leaf(
          subnets.length > 1
            ? { value: subnets }
            : { question: "two subnets or more, in different zones" },
        ),
      ],
      ["securityGroup", told(securityGroup, "the security group that databases have", also)],
      ["quarantineGroup", quarantineOf(survey, vpc)],
      ["parameterGroup", told(parameterGroup, "of databases restored here")],
      ...otherGroups(survey),
    ],
    why === undefined ? [] : [why],
  );
}

/** That of the databases' group, else the only one there is. */
function vpcOf({ groups }: RegionSurvey, securityGroup: string | undefined): string | undefined {
  const [only, ...more] = new Set(groups.map(({ vpc }) => vpc));
  return (
    groups.find(({ id }) => id === securityGroup)?.vpc ?? (more.length === 0 ? only : undefined)
  );
}

function quarantineOf(survey: RegionSurvey, vpc: string | undefined): Entry {
  const found = quarantineIn(survey, vpc);
  if (found) {
    return leaf({ value: found.id, note: found.isOpen ? "has rules: for whom?" : "has no rules" });
  }
  const make = `aws --region ${survey.region} ec2 create-security-group --group-name sla-quarantine --description 'fenced databases' --vpc-id ${vpc ?? "…"}`;
  return leaf({ question: `a group without rules, made for this: ${make}` });
}

/** Of databases of an engine, the most frequent first. */
const parameterGroupsOf = ({ databases }: RegionSurvey, engine: Engine): readonly string[] =>
  byUse(databases.flatMap((each) => (each.engine === engine ? (each.parameterGroup ?? []) : [])));

/** Where databases of other engines are. */
function otherGroups(survey: RegionSurvey): readonly (readonly [string, Entry])[] {
  const groups = ADOPTED_NAMES.flatMap((engine) => {
    const [value] = engine === "postgres" ? [] : parameterGroupsOf(survey, engine);
    return value === undefined ? [] : [[engine, leaf({ value })] as const];
  });
  return groups.length === 0 ? [] : [["parameterGroups", section(groups)]];
}

/** The most frequent first, then by name. */
function byUse(names: readonly string[]): readonly string[] {
  const counts = Map.groupBy(names, (name) => name);
  return [...counts]
    .toSorted(
      ([one, ones], [other, others]) => others.length - ones.length || (one < other ? -1 : 1),
    )
    .map(([name]) => name);
}

/** No database's yet: the one that says so, else the only one that nobody passes. */
function quarantineIn({ groups, databases }: RegionSurvey, vpc: string | undefined) {
  const used = new Set(databases.flatMap((each) => each.groups));
  const free = groups.filter(
    (each) => each.vpc === vpc && !used.has(each.id) && each.name !== "default",
  );
  const named = free.filter(({ name, description }) => SAYS_SO.test(`${name} ${description}`));
  const [only, ...more] = named.length > 0 ? named : free.filter(({ isOpen }) => !isOpen);
  return more.length === 0 ? only : undefined;
}

const SAYS_SO = /quarantine|fenced/i;

/** Those of the databases, else one of each zone. */
function subnetsIn({ databases, subnets }: RegionSurvey, vpc: string | undefined) {
  const told = [...new Set(databases.flatMap((each) => each.subnets))].toSorted();
  if (told.length > 1) return told;
  const zones = Map.groupBy(
    subnets.filter((each) => each.vpc === vpc),
    ({ zone }) => zone,
  );
  return [...zones.values()]
    .flatMap((all) => all.map(({ id }) => id).toSorted()[0] ?? [])
    .toSorted()
    .slice(0, SUBNETS);
}
