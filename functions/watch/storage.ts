import type { Fleet } from "../../lib/sla/fleet.ts";
import { freePercent, storageAlarm } from "../../lib/sla/storage.ts";
import type { Notice } from "../notify/contract.ts";
import type { Storage } from "../sql/contract.ts";
import { TICK_SECONDS, type TickEvent } from "./contract.ts";
import type { Site } from "./pass.ts";
import type { Endpoint } from "./ports.ts";
import { standbyBroken, storageLow } from "./storage-notices.ts";
import { type Subject, sqlTarget, subjectsOf } from "./subject.ts";

/** Adding up the sizes of databases costs a server something, and a disk does not fill in a minute. */
const EVERY_TICKS = 5;

/**
 * Looks, every five minutes, whether the log that a primary keeps for its standby is about to fill its storage, and
 * whether RDS has given the replication up. Only what this site owns. Resolves to what did not work; what
 * could not be told is told with the next look, and a day later once more.
 */
export async function watchStorage(
  { scheduledTime, shard }: TickEvent,
  fleet: Fleet,
  site: Site,
): Promise<readonly string[]> {
  const tick = Math.round(Date.parse(scheduledTime) / (TICK_SECONDS * site.clock.paced(1)));
  if (tick % EVERY_TICKS !== 0) return [];
  try {
    const owned = subjectsOf(fleet, shard, await site.roles.all()).filter(
      ({ roles }) => roles.owner === site.site && roles.standby,
    );
    const at = new Date(scheduledTime).toISOString();
    const found = await Promise.all(
      [...Map.groupBy(owned, ({ roles }) => roles.primary.region)].map(([region, subjects]) =>
        noticesIn(region, subjects, site, at),
      ),
    );
    const notices = found.flat();
    if (notices.length > 0) await site.messenger.notify({ notices });
    return [];
  } catch (cause) {
    return [cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)];
  }
}

/** A region or a server that does not answer is told by its incident, not here. */
async function noticesIn(
  region: string,
  subjects: readonly Subject[],
  { eyes }: Site,
  at: string,
): Promise<readonly Notice[]> {
  const { endpoints } = await eyes.addresses.view(region).refreshed;
  const targets = subjects.flatMap((subject) => {
    const endpoint = endpoints?.get(subject.roles.primary.database);
    return endpoint ? [sqlTarget(subject, endpoint)] : [];
  });
  const results =
    targets.length > 0 ? await eyes.gauge.storage(region, targets).catch(() => []) : [];
  const uses = new Map(
    results.flatMap((each) => (each.ok ? [[each.instance, each.value] as const] : [])),
  );
  const notices = subjects.map(async (subject) => [
    ...lowIn(subject, endpoints?.get(subject.roles.primary.database), uses, at),
    ...(await brokenIn(subject, eyes, at)),
  ]);
  return (await Promise.all(notices)).flat();
}

function lowIn(
  subject: Subject,
  endpoint: Endpoint | undefined,
  uses: ReadonlyMap<string, Storage>,
  at: string,
): readonly Notice[] {
  const storage = uses.get(subject.instance.id);
  const allocatedBytes = endpoint?.allocatedBytes;
  if (!storage || allocatedBytes === undefined) return [];
  const use = { ...storage, allocatedBytes };
  const bound = storageAlarm(use, subject.plan.storage?.warnBelowPercent);
  if (bound === undefined) return [];
  return [storageLow(subject, { ...storage, allocatedBytes, free: freePercent(use), bound }, at)];
}

/** What RDS says once it has given up by itself: it begins no more. */
const BROKEN: ReadonlySet<string> = new Set(["error", "terminated", "stopped"]);

async function brokenIn(subject: Subject, { addresses }: Site["eyes"], at: string) {
  const { standby } = subject.roles;
  if (!standby) return [];
  const { endpoints } = await addresses.view(standby.region).refreshed;
  const said = endpoints?.get(standby.database)?.replication?.find((each) => BROKEN.has(each));
  return said === undefined ? [] : [standbyBroken(subject, said, at)];
}
