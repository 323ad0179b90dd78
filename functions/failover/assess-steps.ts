import { abortable, locked } from "./abort.ts";
import { admit, admitAgain } from "./admit.ts";
import { approve } from "./approve.ts";
import { drain } from "./drain.ts";
import { dropLook } from "./drop-look.ts";
import { dropSlot } from "./drop-slot.ts";
import { evidence } from "./evidence.ts";
import { preflight } from "./preflight.ts";
import { reprotectAdmit } from "./reprotect-admit.ts";
import { reprotectReady } from "./reprotect-ready.ts";
import { reprotectStream } from "./reprotect-stream.ts";
import type { Steps } from "./step.ts";
import type { AssessWorld } from "./world.ts";

/** Steps of `sla-failover-assess`. */
export const ASSESS: Steps<AssessWorld> = {
  admit: abortable(admit),
  evidence: locked(evidence),
  preflight: locked(preflight),
  approve: locked(approve),
  "admit-again": abortable(admitAgain),
  drain: locked(drain),
  "drop-look": dropLook,
  "drop-slot": dropSlot,
  "reprotect-admit": reprotectAdmit,
  "reprotect-ready": reprotectReady,
  "reprotect-stream": reprotectStream,
};
