import { dropRoles } from "./drop-roles.ts";
import { halted } from "./halted.ts";
import { record } from "./record.ts";
import { reprotectHalted } from "./reprotect-halted.ts";
import { reprotectOvertaken, reprotectRecord, reprotectRoles } from "./reprotect-record.ts";
import { roles } from "./roles.ts";
import type { Steps } from "./step.ts";
import type { RecordWorld } from "./world.ts";

/** Steps of `sla-failover-record`. */
export const RECORD: Steps<RecordWorld> = {
  roles,
  record,
  halted,
  "drop-roles": dropRoles,
  "reprotect-roles": reprotectRoles,
  "reprotect-record": reprotectRecord,
  "reprotect-overtaken": reprotectOvertaken,
  "reprotect-halted": reprotectHalted,
};
