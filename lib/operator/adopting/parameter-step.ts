import { parameterFaults, parameterMend } from "../../sla/engine-parameters.ts";
import { type Fleet, type Instance, parameterGroupOf } from "../../sla/fleet.ts";
import { familyOf } from "../../sla/parameter-family.ts";
import type { Need } from "../adopt/needs-of.ts";
import type { MadeGroup } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, wanting } from "./step.ts";

/** A parameter group like the primary's in every other site where it may come to live. */
export const parameterStep: Step = {
  name: "parameters",
  async look(on) {
    const { instance, world } = on;
    const { home, database } = instance;
    const primary = await world.databases.look({ region: home, database: database.primary });
    const name = primary?.parameterGroup;
    if (!primary || name === undefined) return stuck({ says: `${database.primary} says none` });
    const model = await modelOf(on, name, primary.version);
    if (!model) return stuck({ says: `${home} has no parameter group ${name}` });
    const odd = oddIn(on, home, name, model);
    if (odd.broken.length > 0) return stuck(...odd.broken);
    const looks = inOtherSites(on.fleet, on.instance).map(([region, group]) =>
      lookIn(on, region, group, model),
    );
    const found = await Promise.all(looks);
    const first = found.find(({ is }) => is !== "done");
    return first ?? done(wordsOf(on, name), [...differs(on, name), ...odd.risk]);
  },
};

/** Those that RDS makes by itself have a family only. */
async function modelOf({ world, instance }: Case, name: string, version: string) {
  const found = await world.groups.parameters(instance.home, name);
  if (found || !isDefault(name)) return found;
  const family = familyOf(version, instance.database.engine);
  return { family, values: {}, description: "" };
}

const isDefault = (name: string) => name.startsWith("default.");

/** Region and parameter group of each site in which it may come to live beside its home. */
export function inOtherSites(
  fleet: Fleet,
  instance: Instance,
): readonly (readonly [region: string, group: string])[] {
  const regions = new Set([instance.standby, ...instance.copies]);
  return [...regions].flatMap((region) => {
    const site = region === undefined ? undefined : fleet.sites[region];
    const group = site && parameterGroupOf(site, instance.database.engine);
    return region === undefined || group === undefined || region === instance.home
      ? []
      : [[region, group] as const];
  });
}

async function lookIn(on: Case, region: string, group: string, model: MadeGroup): Promise<Found> {
  const { groups } = on.world;
  const says = `${group} in ${region}, like that of ${on.instance.home}`;
  if (isDefault(group)) return done(group);
  const there = await groups.parameters(region, group);
  if (!there) {
    const made = { family: model.family, description: markOf(on.instance.home) };
    return wanting(`make ${says}`, () => groups.makeParameters(region, group, made));
  }
  if (there.family !== model.family) {
    return stuck({
      says: `${group} of ${region} is for ${there.family}, the primary needs ${model.family}: name another parameterGroup there`,
    });
  }
  const { broken } = oddIn(on, region, group, there);
  if (broken.length > 0) return stuck(...broken);
  // Somebody else's is left as it is: sla status says later what differs.
  if (there.description !== markOf(on.instance.home)) return done(group);
  const missing = Object.entries(model.values).filter(([name]) => !(name in there.values));
  if (missing.length === 0) return done(group);
  const values = Object.fromEntries(missing);
  return wanting(`set ${missing.length} parameters of ${says}`, () =>
    groups.setParameters(region, group, values),
  );
}

/** Values by which no standby stands by, and such as some night cost something. */
function oddIn({ instance }: Case, region: string, group: string, { family, values }: MadeGroup) {
  const { engine = "postgres" } = instance.database;
  const faults = Map.groupBy(parameterFaults(engine, { family, values }), ({ weight }) => weight);
  const needs = (weight: "broken" | "risk") =>
    (faults.get(weight) ?? []).map((fault): Need => {
      const where = `${group} of ${region}: ${fault.says}`;
      if (isDefault(group))
        return { says: `${where}. Nobody can set that in a group of RDS's own` };
      return { says: where, mend: parameterMend(region, group, fault) };
    });
  return { broken: needs("broken"), risk: needs("risk") };
}

const MARK = "hosting-sla: as in ";
/** By which a group is known that was made here, perhaps by halves. */
const markOf = (home: string) => `${MARK}${home}`;

export const isMadeHere = ({ description }: Pick<MadeGroup, "description">) =>
  description.startsWith(MARK);

const wordsOf = (on: Case, name: string): string => {
  const others = inOtherSites(on.fleet, on.instance).map(
    ([region, group]) => `${group} in ${region}`,
  );
  return others.length === 0 ? name : `${name}; ${others.join(", ")}`;
};

function differs({ fleet, instance }: Case, name: string): readonly Need[] {
  const { home, database } = instance;
  const site = fleet.sites[home];
  const said = site && parameterGroupOf(site, database.engine);
  return said === undefined || said === name
    ? []
    : [{ says: `it runs with ${name}; the fleet says ${said} for ${home}` }];
}
