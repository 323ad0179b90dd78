import type { Answer } from "dns-packet";
import { wireAnswers } from "./rdata.ts";
import { bare, type DnsZone, type ServedSet, type ZoneSource } from "./zone-source.ts";

/** Everything a question can be answered from. */
export interface World extends ZoneSource {
  host(name: string): { readonly address: string; readonly ttlSeconds: number } | undefined;
  /** Configured seconds → the whole seconds that are answered. */
  ttl(seconds: number): number;
}

type Rcode = "NOERROR" | "NXDOMAIN" | "SERVFAIL";

export interface Resolution {
  readonly rcode: Rcode;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
}

type Found =
  | { readonly kind: "records"; readonly set: ServedSet }
  | { readonly kind: "cname"; readonly set: ServedSet; readonly target: string }
  | { readonly kind: "empty"; readonly zone?: DnsZone }
  | { readonly kind: "missing"; readonly zone?: DnsZone };

/** As many as a resolver follows; a longer chain is a loop. */
const MAX_HOPS = 12;

/** Follows CNAMEs across zones and host names; a code speaks of the last name of the chain (RFC 2308). */
export function resolve(name: string, type: string, world: World): Resolution {
  const answers: Answer[] = [];
  let owner = name;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const found = look(bare(owner), type, world, hop);
    switch (found.kind) {
      case "records":
        answers.push(...wire(owner, type, found.set, world));
        return { rcode: "NOERROR", answers, authorities: [] };
      case "cname":
        answers.push(...wire(owner, "CNAME", found.set, world));
        owner = found.target;
        break;
      case "empty":
        return { rcode: "NOERROR", answers, authorities: soaOf(found.zone, world) };
      case "missing":
        return { rcode: "NXDOMAIN", answers, authorities: soaOf(found.zone, world) };
      default:
        return found satisfies never;
    }
  }
  return { rcode: "SERVFAIL", answers: [], authorities: [] };
}

function look(name: string, type: string, world: World, hop: number): Found {
  const host = world.host(name);
  if (host) {
    const { address, ttlSeconds } = host;
    return type === "A"
      ? { kind: "records", set: { ttlSeconds, values: [address] } }
      : { kind: "empty" };
  }
  const zone = world.zoneOf(name);
  return zone ? lookIn(zone, name, type, world, hop) : { kind: "missing" };
}

function lookIn(zone: DnsZone, name: string, type: string, world: World, hop: number): Found {
  const served = zone.find(name, type);
  if (served) {
    const set = "alias" in served ? behind(served.alias, type, world, hop + 1) : served;
    return set ? { kind: "records", set } : { kind: "empty", zone };
  }
  const cname = zone.find(name, "CNAME");
  const target = cname && "values" in cname ? cname.values[0] : undefined;
  if (cname && "values" in cname && target !== undefined) {
    return { kind: "cname", set: cname, target: bare(target) };
  }
  return zone.exists(name) ? { kind: "empty", zone } : { kind: "missing", zone };
}

/** The records an alias stands for, followed to their end. */
function behind(target: string, type: string, world: World, hop: number): ServedSet | undefined {
  if (hop >= MAX_HOPS) return undefined;
  const found = look(bare(target), type, world, hop);
  if (found.kind === "cname") return behind(found.target, type, world, hop + 1);
  return found.kind === "records" ? found.set : undefined;
}

const wire = (name: string, type: string, { ttlSeconds, values }: ServedSet, world: World) =>
  wireAnswers(name, type, world.ttl(ttlSeconds), values);

function soaOf(zone: DnsZone | undefined, world: World): Answer[] {
  const soa = zone?.find(zone.name, "SOA");
  return zone && soa && "values" in soa ? wire(zone.name, "SOA", soa, world) : [];
}
