import type { Fleet } from "./fleet.ts";

/** The provider hears of everything, whoever is on call from everywhere; customers from the sites that can come to watch their instance, or to restore it. */
export function recipients(
  fleet: Pick<Fleet, "control" | "instances" | "provider">,
  region: string,
): readonly string[] {
  const concerned = fleet.instances.filter(({ home, standby, copies }) =>
    [home, standby, ...copies, fleet.control].includes(region),
  );
  return [
    ...new Set([
      fleet.provider.contact,
      ...(fleet.provider.onCall ?? []).map(({ contact }) => contact),
      ...concerned.flatMap(({ contacts }) => contacts),
    ]),
  ].sort();
}
