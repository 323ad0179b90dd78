import type { Fleet } from "../sla/fleet.ts";

/** Hosted zones of a fleet: id → the longest domain that all its names share. */
export function zonesOf(fleet: Fleet): Map<string, string> {
  const names = new Map<string, string[]>();
  for (const { dns } of fleet.instances) {
    const own = [dns.names.database, ...(dns.names.app === undefined ? [] : [dns.names.app])];
    names.set(dns.zone, [...(names.get(dns.zone) ?? []), ...own]);
  }
  return new Map([...names].map(([zone, all]) => [zone, sharedDomain(all)]));
}

/** `db.acme.example.ch`, `birch.example.ch` → `example.ch`; a zone never is a bare top level. */
function sharedDomain(names: readonly string[]): string {
  const [first = [], ...rest] = names.map((name) => name.split(".").toReversed());
  const differs = first.findIndex((label, depth) => rest.some((other) => other[depth] !== label));
  const depth = differs === -1 ? first.length - 1 : differs;
  return first.slice(0, Math.max(depth, 2)).toReversed().join(".");
}
