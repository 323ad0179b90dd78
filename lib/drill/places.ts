import type { Fleet, Instance } from "../sla/fleet.ts";

/** Home, and standby if it has one. */
export const regionsOf = ({ home, standby }: Pick<Instance, "home" | "standby">): string[] => [
  home,
  ...(standby === undefined ? [] : [standby]),
];

/** Sites that hold copies of an instance and are neither its home nor its standby's. */
export const thirdSites = (
  { sites }: Pick<Fleet, "sites">,
  instance: Pick<Instance, "home" | "standby" | "copies">,
): string[] =>
  instance.copies.filter(
    (region) => Object.hasOwn(sites, region) && !regionsOf(instance).includes(region),
  );
