import { flagPath, newestFirst, stopReference } from "../../../functions/flag/contract.ts";
import { type StopFlag, stopFlags } from "../../sla/cells.ts";
import { bare } from "./name-words.ts";
import type { NamedRecord } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, waiting, wanting } from "./step.ts";
import { namesIn } from "./ttl-step.ts";

/**
 * Three looks of ten seconds make a check say something else than it did at first: attached before, an inverted one would move DNS.
 */
const QUIET_SECONDS = 60;
const SEEN_WITHIN_SECONDS = 900;
const MOST_NUMBERS = 20;

/** The inverted checks by which DNS moves without the API of Route 53: made, found quiet, attached. */
export function stopStep(): Step {
  /** Since when a check was quiet at every look of this process. */
  const quietSince = new Map<string, number>();
  return {
    name: "STOP",
    async look(on) {
      const { instance } = on;
      const roles = await on.world.care.roles(instance.id);
      const home = roles?.primary.region ?? instance.home;
      const flags = stopFlags(on.fleet).filter(({ members }) => members.includes(instance.id));
      const looked = await Promise.all(flags.map((flag) => flagLook(on, flag)));
      const unfinished = looked.find(({ found }) => found !== undefined)?.found;
      if (unfinished) return unfinished;
      const now = looked.find(({ flag }) => flag.direction.primary === home);
      if (!now?.check) return done(withoutFlag(on));
      return attached(on, now.check, quietSince);
    },
  };
}

const withoutFlag = ({ instance: { standby } }: Case) =>
  standby === undefined
    ? "nobody stands by, so there is nothing to lead over to"
    : `Lambda serves no function URLs in ${standby}: DNS moves by its API only`;

interface FlagLook {
  readonly flag: StopFlag;
  readonly check?: string;
  readonly found?: Found;
}

async function flagLook({ world: { stops } }: Case, flag: StopFlag): Promise<FlagLook> {
  const { id, site } = flag;
  const reference = stopReference(id, site);
  const [[check], record, host] = await Promise.all([
    stops.checks().then((all) => newestFirst(all, reference)),
    stops.flag(site, id),
    stops.host(site),
  ]);
  if (check !== undefined) return { flag, check };
  if (!record || host === undefined) {
    const found: Found = {
      is: "next",
      says: `the flag ${id} of ${site}: npm run deploy, then the same command`,
    };
    return { flag, found };
  }
  const found = wanting(`make the STOP check of ${id} in ${site}`, async () => {
    // The reference of a deleted check is refused for days.
    for (let number = 1; number <= MOST_NUMBERS; number += 1) {
      const name = number === 1 ? reference : `${reference}-${number}`;
      if ((await stops.make(name, host, flagPath(record))) === "made") return;
    }
  });
  return { flag, found };
}

async function attached(on: Case, check: string, quietSince: Map<string, number>): Promise<Found> {
  const { instance, world } = on;
  const { zone } = instance.dns;
  const names = new Set(namesIn(instance).map(bare));
  const records = await world.zones.records(zone, namesIn(instance));
  const primaries = records.filter(
    ({ name, failover }) => names.has(bare(name)) && failover?.role === "PRIMARY",
  );
  const open = primaries.filter(({ failover }) => failover?.healthCheck !== check);
  if (open.length === 0) {
    quietSince.delete(check);
    return primaries.length === 0
      ? stuck({ says: "its names have no PRIMARY records" })
      : done(`PRIMARY is watched by ${check}`);
  }
  return (await loud(on, check, quietSince)) ?? attaching(on, check, open);
}

async function loud(
  { world: { stops, clock } }: Case,
  check: string,
  quietSince: Map<string, number>,
): Promise<Found | undefined> {
  const seen = await stops.seen(check);
  if (seen?.some(({ raised }) => raised)) {
    return stuck({
      says: `the flag of ${check} is raised: attached now, it would lead clients to the standby; see sla status`,
    });
  }
  const now = clock.now().getTime();
  if (!seen?.length) {
    quietSince.delete(check);
    return waiting(`${check} has not looked yet`, SEEN_WITHIN_SECONDS);
  }
  const since = quietSince.get(check) ?? now;
  quietSince.set(check, since);
  return now - since < clock.paced(QUIET_SECONDS)
    ? waiting(`${check} is quiet; a minute of that before it is attached`, SEEN_WITHIN_SECONDS)
    : undefined;
}

const attaching = ({ instance, world }: Case, check: string, open: readonly NamedRecord[]): Found =>
  wanting(`attach ${check} to PRIMARY of ${open.map(({ name }) => name).join(", ")}`, () =>
    world.zones.replace(
      instance.dns.zone,
      open,
      open.map(({ name, target = "", ttl = instance.dns.ttl }) => ({
        ...{ name, target, ttl },
        failover: { role: "PRIMARY", healthCheck: check },
      })),
    ),
  );
