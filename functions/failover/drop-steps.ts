import { dropDelete } from "./drop-delete.ts";
import type { Steps } from "./step.ts";
import type { DropWorld } from "./world.ts";

/** Steps of `sla-standby-drop`. */
export const DROP: Steps<DropWorld> = { "drop-delete": dropDelete };
