import type { Fleet } from "../../lib/sla/fleet.ts";
import { byAuthority, type Roles } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, type Left, prefixes } from "./contract.ts";
import type { Entry, Ledger, Ledgers } from "./ledger.ts";
import type { RolesMark } from "./roles-mark.ts";

const LANES = 32;

/** Reads the deployed fleet once: its key is its hash. Rejects with `FleetMissing` if nobody put it there. */
export function fleetReader(ledger: Ledger, fleetKey: string): () => Promise<Fleet> {
  let known: Fleet | undefined;
  return async () => {
    known ??= (await ledger.read<Fleet>(fleetKey))?.value;
    if (known) return known;
    throw new SlaError(
      "FleetMissing",
      "operator",
      `${fleetKey} is not in this site's ledger: deploy the site's stack again`,
    );
  };
}

export interface RolesReader {
  /** Current roles of all instances in this ledger, by instance; reads again only what has changed. */
  all(): Promise<ReadonlyMap<string, Roles>>;
}

/** Of a fleet of one shard a list is one request; of ten thousand instances it is ten, for every shard at every look. */
const MANY = 250;
/** A list of many is believed so long, if nobody announces a change. */
const BELIEVED_MS = 14_400_000;

/** @param clock absent: every call lists */
export function rolesReader(ledger: Ledger, clock?: Pick<Clock, "now">): RolesReader {
  const kept = keptReader<Roles>(ledger, prefixes.roles, (key) => key !== keys.rolesMark);
  let known: ReadonlyMap<string, Roles> = new Map();
  let listedMs = Number.NEGATIVE_INFINITY;
  const isStill = async (nowMs: number) => {
    if (known.size <= MANY || nowMs - listedMs > BELIEVED_MS) return false;
    const mark = (await ledger.read<RolesMark>(keys.rolesMark))?.value;
    return mark === undefined || Date.parse(mark.until) < listedMs;
  };
  return {
    async all() {
      const nowMs = clock?.now().getTime();
      if (nowMs !== undefined && (await isStill(nowMs))) return known;
      const found = new Map((await kept()).map((roles) => [roles.instance, roles]));
      if (nowMs !== undefined) [known, listedMs] = [found, nowMs];
      return found;
    },
  };
}

/** All values below a prefix whose keys are wanted; reads again only what has changed since it was last asked. */
export function keptReader<T>(
  ledger: Ledger,
  prefix: string,
  isWanted: (key: string) => boolean = () => true,
): () => Promise<readonly T[]> {
  let known = new Map<string, Entry<T>>();
  return async () => {
    const listed = (await ledger.list(prefix)).filter(({ key }) => isWanted(key));
    const entries = await inLanes(LANES, listed, async ({ key, tag }) => {
      const cached = known.get(key);
      const entry = cached?.tag === tag ? cached : await ledger.read<T>(key);
      return entry ? ([[key, entry]] as const) : [];
    });
    known = new Map(entries.flat());
    return [...known.values()].map(({ value }) => value);
  };
}

export interface NewestRoles extends RolesReader {
  /**
   * Asks other sites what they hold, unless it has within the last five minutes; one that does not answer
   * leaves what it said last. Never rejects.
   */
  hear(sites: readonly string[]): Promise<void>;
}

/** A site that could not be told is the exception, and the fence does not rely on it. */
const HEARD_FOR_SECONDS = 300;

/**
 * Roles by the highest epoch that any ledger holds. A failover that could not tell one site has told
 * another; without asking, that site would go by the old roles for ever.
 */
export function newestRoles(ledgers: Ledgers, site: string, clock: Clock): NewestRoles {
  const own = rolesReader(ledgers(site), clock);
  const readers = new Map<string, RolesReader>();
  const heard = new Map<string, ReadonlyMap<string, Roles>>();
  let heardAt = Number.NEGATIVE_INFINITY;

  const ask = async (other: string) => {
    const reader = readers.get(other) ?? rolesReader(ledgers(other), clock);
    readers.set(other, reader);
    heard.set(other, await reader.all());
  };

  return {
    async hear(sites) {
      const now = clock.now().getTime();
      if (now - heardAt < clock.paced(HEARD_FOR_SECONDS)) return;
      heardAt = now;
      await Promise.allSettled(sites.filter((other) => other !== site).map(ask));
    },

    async all() {
      const newest = new Map(await own.all());
      for (const roles of [...heard.values()].flatMap((each) => [...each.values()])) {
        const known = newest.get(roles.instance);
        if (!known || byAuthority(roles, known) < 0) newest.set(roles.instance, roles);
      }
      return newest;
    },
  };
}

/** All ledgers are told who leaves; its roles are in those alone where it lives or is watched. */
export async function hasLeft(ledger: Ledger, instance: string): Promise<boolean> {
  const left = (await ledger.read<Left>(keys.left(instance)))?.value;
  return left !== undefined && left.undone === undefined;
}
