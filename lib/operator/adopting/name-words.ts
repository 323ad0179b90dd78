import type { Instance } from "../../sla/fleet.ts";
import type { NamedRecord, WantedRecord } from "./ports.ts";

/** Where a name has to lead, at home and where somebody stands by. */
export interface Way {
  readonly name: string;
  readonly home: string;
  readonly standby?: string;
}

export interface Ends {
  /** Endpoint names as RDS gave them. */
  readonly primary: string;
  readonly standby?: string;
}

/** Of the database, and of the application if it moves with it. */
export function waysOf({ dns: { names }, app }: Instance, ends: Ends): readonly Way[] {
  const database = {
    name: names.database,
    home: ends.primary,
    ...(ends.standby !== undefined && { standby: ends.standby }),
  };
  if (names.app === undefined || app === undefined) return [database];
  const { home, standby } = app;
  const web = { name: names.app, home, ...(standby !== undefined && { standby }) };
  return [database, web];
}

/** A failover pair, or a simple record where nobody stands by. */
export function wantedOf({ name, home, standby }: Way, ttl: number): readonly WantedRecord[] {
  if (standby === undefined) return [{ name, target: home, ttl }];
  return [
    { name, target: home, ttl, failover: { role: "PRIMARY" } },
    { name, target: standby, ttl, failover: { role: "SECONDARY" } },
  ];
}

/**
 * What a name is now. `right`: as it has to be. `plain`: leads to the right place, not yet as a pair that can be moved. `foreign`:
 * something that must not be overwritten, and why.
 */
export type NameState =
  | { readonly is: "absent" }
  | { readonly is: "right" }
  | { readonly is: "plain"; readonly ttl?: number }
  | { readonly is: "foreign"; readonly why: string };

export function stateOf(way: Way, records: readonly NamedRecord[]): NameState {
  if (records.length === 0) return { is: "absent" };
  const [beside] = records.filter(({ target }) => target === undefined);
  if (beside) {
    return foreign(
      `it has records of type ${beside.type} as well, beside which no CNAME can stand`,
    );
  }
  const [routed] = records.filter(({ routing }) => routing === "other");
  if (routed) return foreign("it is routed by weight, latency or place");
  const ends = [way.home, ...(way.standby === undefined ? [] : [way.standby])].map(bare);
  const [stray] = records.filter(({ target = "" }) => !ends.includes(bare(target)));
  if (stray) return foreign(`it leads to ${stray.target}, not to ${ends.join(" or ")}`);
  return kindOf(way, records);
}

function kindOf(way: Way, records: readonly NamedRecord[]): NameState {
  const roles = records.map(({ failover }) => failover?.role ?? "simple").toSorted();
  const isCname = records.every(({ type }) => type === "CNAME");
  if (isCname && roles.join() === (way.standby === undefined ? "simple" : "PRIMARY,SECONDARY")) {
    return { is: "right" };
  }
  if (records.some(({ failover }) => failover)) {
    return foreign(`it has failover records (${roles.join(", ")}) that are no CNAMEs of a pair`);
  }
  if (records.some(({ target = "" }) => bare(target) !== bare(way.home))) {
    return foreign(`it leads to ${way.standby}, where nobody serves`);
  }
  const ttl = Math.max(...records.map((record) => record.ttl ?? 0));
  return { is: "plain", ...(ttl > 0 && { ttl }) };
}

const foreign = (why: string): NameState => ({ is: "foreign", why });

/** In lower case and without the last dot, by which names are compared. */
export const bare = (name: string) => name.toLowerCase().replace(/\.$/, "");
