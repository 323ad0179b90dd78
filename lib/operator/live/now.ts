import { liveWorld } from "../../../functions/aws/live-world.ts";
import { type LiveReport, lookLive } from "../../../functions/live/look.ts";
import type { Fleet } from "../../sla/fleet.ts";
import { accessTo } from "../access.ts";

interface Live {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** One look at the account behind the credentials. Throws UserError if nobody answers to them. */
export async function liveNow(fleet: Fleet, { env, progress }: Live): Promise<LiveReport> {
  return lookLive(fleet, liveWorld(await accessTo(fleet, env)), { progress });
}
