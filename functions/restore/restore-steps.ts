import { compare } from "./compare.ts";
import { examine } from "./examine.ts";
import { pick } from "./pick.ts";
import { failed, record } from "./record.ts";
import { available, open, restore } from "./restore.ts";
import type { Steps } from "./step.ts";
import type { RestoreWorld } from "./world.ts";

/** Steps of `sla-restore`. */
export const RESTORE: Steps<RestoreWorld> = {
  ...{ pick, restore, available, open, examine, compare, record, failed },
};
