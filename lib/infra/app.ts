import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "aws-cdk-lib";
import type { Fleet } from "../sla/fleet.ts";
import { shardsOf } from "../sla/shards.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { FrozenStack } from "./frozen-stack.ts";
import type { Bundles } from "./functions.ts";
import { hasImages, ImagesStack } from "./images-stack.ts";
import { hasPages, PagesStack } from "./pages-stack.ts";
import { SiteStack } from "./site-stack.ts";
import { VantageStack } from "./vantage-stack.ts";

export interface Deployment {
  readonly fleet: Fleet;
  /** Names the fleet in the ledgers. */
  readonly hash: string;
  readonly bundles: Bundles;
  /** The checkout: generated files go below its `.cache/`. */
  readonly root: string;
}

/** The same stack in every site, one more where others are answered from and one where images are sold, one that only looks in vantages that are no sites, and one in the frozen account. */
export function addStacks(app: App, { fleet, hash, bundles, root }: Deployment): void {
  const fleetFile = join(cacheDirectory(root, "fleet"), `${hash}.json`);
  writeFileSync(fleetFile, JSON.stringify(fleet));
  const common = {
    fleet,
    fleetFile,
    fleetKey: `fleet/${hash}.json`,
    shards: shardsOf(fleet),
    bundles,
  };
  const sites = Object.keys(fleet.sites);
  for (const region of sites) {
    const site = new SiteStack(app, { ...common, region });
    if (hasPages(fleet, region))
      new PagesStack(app, { ...common, region }).addStackDependency(site);
    if (hasImages(fleet, region))
      new ImagesStack(app, { ...common, region }).addStackDependency(site);
  }
  const { provider, frozen } = fleet;
  if (frozen) new FrozenStack(app, { provider, sites, frozen });
  for (const region of fleet.vantages) {
    if (!sites.includes(region)) new VantageStack(app, { fleet, region, bundles });
  }
}
