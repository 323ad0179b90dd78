import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { IMAGE_FUNCTIONS } from "../../functions/snapshot/contract.ts";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import type { ImageGrants } from "./image-grants.ts";
import type { SiteProps } from "./site.ts";

/** Makes, copies and deletes images of machines in this region, as whoever looks after backups says. */
export class Imaging extends Construct {
  constructor(scope: Construct, id: string, site: SiteProps, grants: ImageGrants) {
    super(scope, id);
    this.#function("Take", site, {
      name: IMAGE_FUNCTIONS.take,
      description: "Makes images of machines",
      grants: grants.take,
    });
    this.#function("Copy", site, {
      name: IMAGE_FUNCTIONS.copy,
      description: "Copies images of other regions into this one",
      grants: grants.copy,
    });
    this.#function("Rotate", site, {
      name: IMAGE_FUNCTIONS.rotate,
      description: "Deletes images that no promise needs any more",
      grants: grants.rotate,
    });
  }

  #function(
    id: string,
    { bundles, environment }: SiteProps,
    own: Pick<BundledFunctionProps, "name" | "description" | "grants">,
  ): BundledFunction {
    return new BundledFunction(this, id, {
      ...own,
      ...{ bundles, environment },
      onlyAnswers: true,
      timeout: Duration.minutes(5),
      memoryMb: 512,
    });
  }
}
