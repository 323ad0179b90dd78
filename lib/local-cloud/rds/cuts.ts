import type { World } from "./world.ts";

/** Applies what is cut to every gate: a link is cut when either of its ends is. */
export function applyCuts({ inventory, cutRegions, isolated, starved, groups }: World): void {
  for (const instance of inventory.all()) {
    const { region, source, host } = instance;
    const isCut = cutRegions.has(region);
    const inside = (address: string) => !isCut && groups.isBound(address);
    host.cut({
      entrance: isCut || isolated.has(instance) ? inside : undefined,
      link:
        isCut || starved.has(instance) || (source !== undefined && cutRegions.has(source.region)),
    });
  }
}
