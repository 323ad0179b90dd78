import type { Fleet } from "../sla/fleet.ts";

/** Hosted zones of a fleet: id → the longest domain that all its names are below. */
export function zonesOf(fleet: Fleet): Map<string, string> {
  const names = new Map<string, string[]>();
  for (const { dns } of fleet.instances) {
    const own = [dns.names.database, ...(dns.names.app === undefined ? [] : [dns.names.app])];
    names.set(dns.zone, [...(names.get(dns.zone) ?? []), ...own]);
  }
  return new Map([...names].map(([zone, all]) => [zone, sharedDomain(all)]));
}

/** `db.acme.example.ch`, `acme.example.ch` → `example.ch`, for no CNAME may be at a zone's apex; a zone never is a bare top level. */
function sharedDomain(names: readonly string[]): string {
  const [first = [], ...rest] = names.map((name) => name.split(".").toReversed());
  const differs = first.findIndex((label, depth) => rest.some((other) => other[depth] !== label));
  const below = Math.min(first.length, ...rest.map(({ length }) => length)) - 1;
  const depth = differs === -1 ? below : Math.min(differs, below);
  return first.slice(0, Math.max(depth, 2)).toReversed().join(".");
}
