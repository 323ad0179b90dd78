import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { Bundles } from "./functions.ts";

/** Probes instances from its region. May do nothing but that, so it holds no grant at all. */
export const probing = (scope: Construct, bundles: Bundles) =>
  new BundledFunction(scope, "Probe", {
    name: PROBE_FUNCTION,
    bundles,
    description: "Asks health pages from this region",
    grants: [],
    timeout: Duration.seconds(30),
    memoryMb: 512,
  });
