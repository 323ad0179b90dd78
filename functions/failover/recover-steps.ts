import { abortable, locked } from "./abort.ts";
import { recoverAdmit } from "./recover-admit.ts";
import { recoverExamine } from "./recover-examine.ts";
import { recoverAdopt, recoverAvailable, recoverOpen, recoverRestore } from "./recover-restore.ts";
import type { Steps } from "./step.ts";
import type { RecoverWorld } from "./world.ts";

/** Steps of `sla-recover-restore`. */
export const RECOVER: Steps<RecoverWorld> = {
  "recover-admit": abortable(recoverAdmit),
  "recover-restore": locked(recoverRestore),
  "recover-available": locked(recoverAvailable),
  "recover-open": locked(recoverOpen),
  "recover-adopt": locked(recoverAdopt),
  "recover-examine": locked(recoverExamine),
};
