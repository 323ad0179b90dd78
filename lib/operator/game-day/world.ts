import type { Fence } from "../../../functions/failover/ports.ts";
import type { LiveReport } from "../../../functions/live/look.ts";
import type { Instance } from "../../sla/fleet.ts";
import type { Access } from "../access.ts";
import type { Databases, Groups } from "../adopting/ports.ts";

/** All that a game day touches. Everything but `page` rejects with `CloudUnreachable` and its siblings where nobody answers. */
export interface GameDayWorld {
  readonly access: Access;
  readonly fence: Fence;
  readonly databases: Pick<Databases, "look">;
  readonly groups: Pick<Groups, "security">;
  /** What `sla check --live` finds of an instance and of all regions. */
  readonly live: (instance: Instance) => Promise<LiveReport>;
  /** A look at the instance's page, as a client of this machine: what is wrong with it, undefined if nothing is. */
  readonly page: (instance: Instance) => Promise<string | undefined>;
}
