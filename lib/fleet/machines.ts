import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** A machine of a region in which nothing of the instance ever runs would never be imaged, and nobody would notice. */
export function machinesSomewhere({ instances }: Draft): readonly Mistake[] {
  return instances.flatMap(({ index, instance, doubtful }) => {
    if (["home", "standby", "copies", "machines"].some((key) => doubtful.has(key))) return [];
    const { home, standby, copies, machines = {} } = instance;
    const places = [...new Set([home, ...(standby ? [standby] : []), ...copies])];
    const stray = Object.keys(machines).filter((region) => !places.includes(region));
    return stray.map((region) => ({
      path: ["instances", index, "machines", region],
      message: `the instance never runs in '${region}': expected its home, its standby or one of copies: (${places.join(", ")})`,
    }));
  });
}
