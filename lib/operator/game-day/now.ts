import { liveWorld } from "../../../functions/aws/live-world.ts";
import { rdsFence } from "../../../functions/aws/rds-fence.ts";
import { keys, prefixes } from "../../../functions/ledger/contract.ts";
import { lookLive } from "../../../functions/live/look.ts";
import { PROBE_TIMEOUTS } from "../../../functions/probe/contract.ts";
import { httpProber } from "../../../functions/probe/http-prober.ts";
import { judge } from "../../../functions/probe/judge.ts";
import { UserError } from "../../cli/user-error.ts";
import type { Fleet, Instance } from "../../sla/fleet.ts";
import { type Access, accessTo } from "../access.ts";
import { rdsMadeGroups } from "../adopting/rds-made-groups.ts";
import { adoptWorld } from "../adopting/world.ts";
import { noLedger, reasonIn } from "../no-ledger.ts";
import type { GameDayBegun } from "./record.ts";
import type { GameDayWorld } from "./world.ts";

/** The account behind the credentials. Throws UserError if nobody answers to them. */
export async function gameDayWorld(
  fleet: Fleet,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GameDayWorld> {
  const access = await accessTo(fleet, env);
  const prober = httpProber(access.clock);
  return {
    access,
    fence: rdsFence(access.clock),
    databases: adoptWorld(access).databases,
    groups: rdsMadeGroups(access.clock),
    // Of others nothing is asked: a large fleet would take minutes.
    live: (instance) =>
      lookLive({ ...fleet, instances: [instance] }, liveWorld(access), { progress: () => {} }),
    async page({ id, url }: Instance) {
      return judge({ id, url }, await prober.look(url, PROBE_TIMEOUTS)).reason;
    },
  };
}

/** The newest game day of an instance that has no record yet. Throws UserError if there is none, or no ledger answers. */
export async function unendedGameDay(access: Access, instance: Instance): Promise<GameDayBegun> {
  const { fleet, ledgers } = access;
  const prefix = prefixes.gameDays(instance.id);
  const sites = Object.keys(fleet.sites);
  const listed = await Promise.allSettled(
    sites.map(async (site) => ({
      site,
      keys: await ledgers(site).list(prefix),
    })),
  );
  const all = listed.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  if (all.length === 0) throw noLedger(sites, { why: reasonIn(listed) });
  const known = all.flatMap(({ site, keys: found }) => found.map(({ key }) => ({ site, key })));
  const ended = new Set(known.filter(({ key }) => key.endsWith("/record.json")).map(folderOf));
  const [newest] = known
    .filter((each) => each.key.endsWith("/begun.json") && !ended.has(folderOf(each)))
    .toSorted((one, other) => (one.key < other.key ? 1 : -1));
  const id = newest && folderOf(newest).slice(prefix.length);
  const found =
    newest &&
    id &&
    (await ledgers(newest.site).read<GameDayBegun>(keys.gameDay(instance.id, id, "begun")));
  if (found) return found.value;
  throw new UserError(`${instance.id}: no game day of it is left to be ended`, 1);
}

const folderOf = ({ key }: { readonly key: string }) => key.slice(0, key.lastIndexOf("/"));
