import { isKept as isKeptByTag } from "../../sla/database-tags.ts";
import type { Need } from "../adopt/needs-of.ts";
import { inOtherSites, isMadeHere } from "./parameter-step.ts";
import { STANDBY_GROUP, taken } from "./standby-step.ts";
import { type Case, done, type Step, wanting } from "./step.ts";

interface Group {
  readonly kind: "parameters" | "subnets";
  readonly region: string;
  readonly name: string;
}

/**
 * Groups that were made here go with the last instance that needs them. Several instances share one: it stays while a database is in it or
 * somebody else who is kept could come to live there, and who that is is said.
 */
export const noGroupsStep: Step = {
  name: "groups",
  async look(on) {
    const made = await madeHere(on);
    const needed = await Promise.all(made.map((group) => neededBy(on, group)));
    const free = made.filter((_group, index) => needed[index]?.length === 0);
    if (free.length > 0) {
      const names = free.map(({ name, region }) => `${name} in ${region}`).join(", ");
      return wanting(`delete ${names}`, async () => {
        for (const group of free) await remove(on, group);
      });
    }
    const stay = made.map(
      ({ name, region }, index): Need => ({
        says: `${name} in ${region} stays: ${needed[index]?.join(", ")}`,
      }),
    );
    return done(stay.length === 0 ? "none are left that were made here" : "needed by others", stay);
  },
};

async function madeHere(on: Case): Promise<readonly Group[]> {
  const { groups } = on.world;
  const { standby } = on.instance;
  const parameters = inOtherSites(on.fleet, on.instance).map(async ([region, name]) => {
    const found = await groups.parameters(region, name);
    return found && isMadeHere(found) ? [{ kind: "parameters", region, name } as const] : [];
  });
  const subnets = [standby].map(async (region) => {
    if (region === undefined) return [];
    const found = await groups.subnets(region, STANDBY_GROUP.name);
    const isOurs = found?.description === STANDBY_GROUP.description;
    return isOurs ? [{ kind: "subnets", region, name: STANDBY_GROUP.name } as const] : [];
  });
  return (await Promise.all([...parameters, ...subnets])).flat();
}

/** In words; nobody: none. */
async function neededBy(on: Case, group: Group): Promise<readonly string[]> {
  const users = await on.world.groups.users(group.region, group.kind, group.name);
  if (users.length > 0) return [`${users.join(", ")} ${users.length === 1 ? "is" : "are"} in it`];
  if (group.kind === "subnets") return [];
  for (const other of on.fleet.instances) {
    if (other.id === on.instance.id) continue;
    const couldLive = inOtherSites(on.fleet, other).some(
      ([region, name]) => region === group.region && name === group.name,
    );
    if (couldLive && (await isKept(on, other))) return [`${other.id} could come to live there`];
  }
  return [];
}

/** By the ledgers, else, before a deployment, by what it says of itself. */
async function isKept({ world }: Case, { id, home, database }: Case["instance"]): Promise<boolean> {
  const roles = await world.care.roles(id);
  if (roles) return roles.leftAt === undefined;
  const primary = await world.databases.look({ region: home, database: database.primary });
  return primary !== undefined && isKeptByTag(primary.tags);
}

async function remove({ world: { groups } }: Case, { kind, region, name }: Group): Promise<void> {
  taken(
    await (kind === "parameters"
      ? groups.removeParameters(region, name)
      : groups.removeSubnets(region, name)),
  );
}
