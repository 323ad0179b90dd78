import type { Fleet } from "../../sla/fleet.ts";
import { type Access, accessTo } from "../access.ts";
import { adoptWorld } from "../adopting/world.ts";
import { accountBy } from "./account.ts";
import { type LiveReport, lookLive } from "./look.ts";
import { scanTls } from "./tls-scan.ts";
import type { LiveWorld } from "./world.ts";

interface Live {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** One look at the account behind the credentials. Throws UserError if nobody answers to them. */
export async function liveNow(fleet: Fleet, { env, progress }: Live): Promise<LiveReport> {
  return lookLive(fleet, liveWorld(await accessTo(fleet, env)), progress);
}

export function liveWorld(access: Access): LiveWorld {
  const { clock, mailing } = access;
  return {
    ...adoptWorld(access),
    ...{ account: accountBy(clock), mailing },
    tls: (url) => scanTls(url, clock),
  };
}
