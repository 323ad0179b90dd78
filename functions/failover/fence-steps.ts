import { locked } from "./abort.ts";
import { fence } from "./fence.ts";
import type { Steps } from "./step.ts";
import { unfence } from "./unfence.ts";
import type { FenceWorld } from "./world.ts";

/** Steps of `sla-failover-fence`. */
export const FENCE: Steps<FenceWorld> = { fence: locked(fence), unfence };
