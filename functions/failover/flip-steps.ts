import { flip } from "./flip.ts";
import { prove } from "./prove.ts";
import { reprotectInSync, reprotectSignpost } from "./reprotect-signpost.ts";
import type { Steps } from "./step.ts";
import type { FlipWorld } from "./world.ts";

/** Steps of `sla-failover-flip`. */
export const FLIP: Steps<FlipWorld> = {
  flip,
  prove,
  "reprotect-signpost": reprotectSignpost,
  "reprotect-in-sync": reprotectInSync,
};
