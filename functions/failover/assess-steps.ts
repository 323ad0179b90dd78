import { admit, admitAgain } from "./admit.ts";
import { drain } from "./drain.ts";
import { evidence } from "./evidence.ts";
import { preflight } from "./preflight.ts";
import type { Steps } from "./step.ts";
import type { AssessWorld } from "./world.ts";

/** Steps of `sla-failover-assess`. */
export const ASSESS: Steps<AssessWorld> = {
  admit,
  evidence,
  preflight,
  "admit-again": admitAgain,
  drain,
};
