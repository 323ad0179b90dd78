import type { GaugeReading } from "../../functions/watch/contract.ts";
import type { Plan } from "../sla/plan.ts";
import type { Roles } from "../sla/roles.ts";
import type { SiteBooks } from "./site-books.ts";

export interface Gauge extends GaugeReading {
  readonly at: string;
}

/** What fills the storage of a primary. */
export interface StorageStatus {
  /** ISO 8601. */
  readonly at: string;
  /** At most. */
  readonly freePercent: number;
  readonly allocatedBytes: number;
  /** Log kept for a standby that has not fetched it. */
  readonly retainedBytes: number;
  /** The bound that was passed, percent; absent: enough is free. */
  readonly below?: number;
  /** Below which the standby is given up by itself, percent. */
  readonly dropsBelow?: number;
}

/** The newest reading under the roles of now: what was found under others is of other servers. */
export function gaugeOf(
  id: string,
  books: readonly SiteBooks[],
  roles: Roles | undefined,
): Gauge | undefined {
  const all = books.flatMap(({ gauges = [] }) =>
    gauges.flatMap(({ at, instances }) => {
      const reading = instances[id];
      return reading && reading.epoch === roles?.epoch ? [{ ...reading, at }] : [];
    }),
  );
  return all.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

/** What a status says of it; nothing where nothing is known. */
export function gaugeWords(
  gauge: Gauge | undefined,
  { storage: policy }: Plan,
): Pick<GaugeReading, "broken" | "unreadTables"> & { readonly storage?: StorageStatus } {
  if (!gauge) return {};
  const { at, storage, broken, unreadTables } = gauge;
  const dropsBelow = policy?.dropStandbyBelowPercent;
  return {
    ...(storage && {
      storage: { at, ...storage, ...(dropsBelow !== undefined && { dropsBelow }) },
    }),
    ...(broken !== undefined && { broken }),
    ...(unreadTables !== undefined && { unreadTables }),
  };
}
