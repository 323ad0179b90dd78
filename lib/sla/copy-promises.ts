import type { Finding, Sold } from "./check.ts";
import { placesOf as areasOf } from "./regions.ts";
import { machineOf } from "./version-promises.ts";

/** In how many regions every backup lies, of those that the plan allows for backups; a line where places are sold. */
export function copyPromises({ instance, plan }: Sold): readonly Finding[] {
  const { copies: sold, backups, residency } = plan;
  if (!sold) return [];
  const { home, standby, copies } = instance;
  const places = [...new Set([home, ...copies])].filter(
    (region) =>
      (!residency?.backups || areasOf(region, residency.backups).length > 0) &&
      (!sold.awayFromProduction || (region !== home && region !== standby)),
  );
  const common = { promise: "copies", promised: inWords(sold.places), covers: "database" } as const;
  const achievable = inWords(places.length);
  if (places.length < sold.places) {
    const which = sold.awayFromProduction ? " that are neither its home nor its standby" : "";
    const change = `name ${sold.places - places.length} more in copies${which}; now backups lie in ${places.join(", ") || "none that counts"}`;
    return [
      {
        ...{ ...common, status: "broken", achievable, change },
        where: { of: "instance", path: ["copies"] },
      },
    ];
  }
  const isCopied = {
    database: true,
    filestore: instance.filestore !== undefined,
    instance: machineOf(instance, home) === undefined,
  };
  const isWhole = backups?.contents.every((content) => isCopied[content]) ?? false;
  return [{ ...common, status: isWhole ? "kept" : "not-yet-covered", achievable }];
}

const inWords = (places: number) => (places === 1 ? "1 place" : `${places} places`);
