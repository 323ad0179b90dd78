import { freePercent, type StorageUse, storageAlarm } from "../../lib/sla/storage.ts";
import type { Storage } from "../sql/contract.ts";
import type { Addresses } from "./addresses.ts";
import type { GaugeReading } from "./contract.ts";
import type { Endpoint, Gauge } from "./ports.ts";
import { type Subject, sqlTarget } from "./subject.ts";

/** What is known of the storage of a primary and of the replication of its standby. */
export interface Gauged {
  readonly subject: Subject;
  readonly use?: Storage & StorageUse;
  /** What RDS says of a replication that it has given up: it begins no more. */
  readonly broken?: string;
}

/** How far a standby has come, where its primary does not know by itself. */
export type Applied = (subject: Subject) => string | undefined;

/** Asks the primaries of a region and describes their standbys. What does not answer is left out. */
export async function gaugedIn(
  region: string,
  subjects: readonly Subject[],
  { addresses, gauge }: { readonly addresses: Addresses; readonly gauge: Gauge },
  appliedBy: Applied,
): Promise<readonly Gauged[]> {
  const { endpoints } = await addresses.view(region).refreshed;
  const primaryOf = ({ roles }: Subject) => endpoints?.get(roles.primary.database);
  const targets = subjects.flatMap((subject) => {
    const endpoint = primaryOf(subject);
    const applied = appliedBy(subject);
    return endpoint
      ? [{ ...sqlTarget(subject, endpoint), ...(applied !== undefined && { applied }) }]
      : [];
  });
  const results = targets.length > 0 ? await gauge.storage(region, targets).catch(() => []) : [];
  const said = new Map(
    results.flatMap((each) => (each.ok ? [[each.instance, each.value] as const] : [])),
  );
  return Promise.all(
    subjects.map(async (subject): Promise<Gauged> => {
      const use = useOf(said.get(subject.instance.id), primaryOf(subject));
      const broken = await brokenIn(subject, addresses);
      return { subject, ...(use && { use }), ...(broken !== undefined && { broken }) };
    }),
  );
}

function useOf(storage: Storage | undefined, endpoint: Endpoint | undefined) {
  const allocatedBytes = endpoint?.allocatedBytes;
  return storage && allocatedBytes !== undefined ? { ...storage, allocatedBytes } : undefined;
}

const BROKEN: ReadonlySet<string> = new Set(["error", "terminated", "stopped"]);

async function brokenIn({ roles: { standby } }: Subject, addresses: Addresses) {
  if (!standby) return undefined;
  const { endpoints } = await addresses.view(standby.region).refreshed;
  return endpoints?.get(standby.database)?.replication?.find((each) => BROKEN.has(each));
}

export const boundPassed = ({ subject, use }: Gauged): number | undefined =>
  use && storageAlarm(use, subject.plan.storage?.warnBelowPercent);

/**
 * @param at of the look, ISO 8601
 * @param before of an earlier look: what the primary had counted is kept while it says nothing
 */
export function gaugeReading(gauged: Gauged, at: string, before?: GaugeReading): GaugeReading {
  const { subject, use, broken } = gauged;
  const last = before?.epoch === subject.roles.epoch ? before.changed : undefined;
  const changed = use?.changed ? { ...use.changed, at } : last;
  const below = boundPassed(gauged);
  return {
    epoch: subject.roles.epoch,
    ...(use && {
      storage: {
        freePercent: freePercent(use),
        allocatedBytes: use.allocatedBytes,
        retainedBytes: use.retainedBytes,
        ...(below !== undefined && { below }),
      },
    }),
    ...(broken !== undefined && { broken }),
    ...(use?.unreadTables && { unreadTables: use.unreadTables }),
    ...(changed && { changed }),
  };
}
