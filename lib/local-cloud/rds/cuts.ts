import type { World } from "./world.ts";

/** Applies the set of cut regions to every gate: a link is cut when either of its ends is. */
export function applyCuts({ inventory, cutRegions }: World): void {
  for (const { region, source, host } of inventory.all()) {
    const isCut = cutRegions.has(region);
    host.cut(isCut, isCut || (source !== undefined && cutRegions.has(source.region)));
  }
}
