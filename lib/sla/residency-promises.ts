import type { Finding, Sold } from "./check.ts";
import { misplacedOf } from "./residency.ts";

/** Where instances run, and where their copies lie. A place that breaks the promise has a line of its own. */
export function residencyPromises(sold: Sold): readonly Finding[] {
  return [...ofInstances(sold), ...ofBackups(sold)];
}

function ofInstances(sold: Sold): readonly Finding[] {
  const { instance, plan } = sold;
  const { home, standby } = plan.residency ?? {};
  if (!home && !standby) return [];
  const promised = [...new Set([...(home ?? []), ...(standby ?? [])])].join(", ");
  const regions = [instance.home, ...(instance.standby === undefined ? [] : [instance.standby])];
  return findings(sold, "instances", promised, regions);
}

function ofBackups(sold: Sold): readonly Finding[] {
  const { fleet, instance, plan } = sold;
  const allowed = plan.residency?.backups;
  if (!allowed) return [];
  const regions = [
    ...instance.copies,
    ...(plan.frozen && fleet.frozen ? [fleet.frozen.region] : []),
  ];
  const promised = allowed.join(", ");
  if (regions.length > 0) return findings(sold, "backups", promised, regions);
  const promise = "residency of backups";
  return [{ promise, status: "not-yet-covered", promised, covers: "database" }];
}

function findings(
  { fleet, instance, plan }: Sold,
  what: "instances" | "backups",
  promised: string,
  regions: readonly string[],
): readonly Finding[] {
  const common = { promise: `residency of ${what}`, promised, covers: "database" } as const;
  const misplaced = misplacedOf(fleet, instance, plan).filter((found) => found.what === what);
  const achievable = [...new Set(regions)].join(", ");
  if (misplaced.length === 0) return [{ ...common, status: "kept", achievable }];
  return misplaced.map(({ where, message }) => ({
    ...common,
    status: "broken",
    achievable,
    change: message,
    where,
  }));
}
