import { reprotectBuild, reprotectKeep } from "./reprotect-build.ts";
import type { Steps } from "./step.ts";
import type { BuildWorld } from "./world.ts";

/** Steps of `sla-reprotect-build`. */
export const BUILD: Steps<BuildWorld> = {
  "reprotect-build": reprotectBuild,
  "reprotect-keep": reprotectKeep,
};
