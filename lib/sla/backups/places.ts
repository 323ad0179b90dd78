import type { Instance } from "../fleet.ts";
import type { Roles } from "../roles.ts";

/** Regions that hold every backup of an instance: its home, wherever its primary is now, and those of its copies. */
export const placesOf = (
  { home, copies }: Pick<Instance, "home" | "copies">,
  { primary }: Pick<Roles, "primary">,
): readonly string[] => [...new Set([home, primary.region, ...copies])];
