import type { Fleet } from "../../sla/fleet.ts";
import { accessTo } from "../access.ts";
import { adoptWorld } from "../adopting/world.ts";
import { accountBy } from "./account.ts";
import { type LiveReport, lookLive } from "./look.ts";
import { scanTls } from "./tls-scan.ts";

interface Live {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** One look at the account behind the credentials. Throws UserError if nobody answers to them. */
export async function liveNow(fleet: Fleet, { env, progress }: Live): Promise<LiveReport> {
  const access = await accessTo(fleet, env);
  const { clock, mailing } = access;
  const world = {
    ...adoptWorld(access),
    ...{ account: accountBy(clock), mailing },
    tls: (url: string) => scanTls(url, clock),
  };
  return lookLive(fleet, world, progress);
}
