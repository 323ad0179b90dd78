import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import {
  bare,
  type DnsZone,
  type ServedAlias,
  type ServedSet,
  suffixes,
} from "../dns/zone-source.ts";
import { canonical, dnsName } from "./names.ts";
import type { RecordBook } from "./record-book.ts";
import { choose, type IsHealthy } from "./routing.ts";

export interface ZoneIdentity {
  readonly id: string;
  /** Canonical, with the final dot. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment?: string;
}

/** What the API has accepted, and, a moment behind it, what the name servers answer. */
export class HostedZone implements DnsZone {
  readonly identity: ZoneIdentity;
  readonly name: string;
  readonly #isHealthy: IsHealthy;
  book: RecordBook;
  #served: RecordBook = new Map();
  #names: ReadonlySet<string> = new Set();

  constructor(identity: ZoneIdentity, nameServers: readonly string[], isHealthy: IsHealthy) {
    this.identity = identity;
    this.name = bare(identity.name);
    this.#isHealthy = isHealthy;
    this.book = new Map([[identity.name, apexSets(identity.name, nameServers)]]);
    this.serve(this.book);
  }

  /** From now on the name servers answer from this book. */
  serve(book: RecordBook): void {
    this.#served = book;
    this.#names = new Set([...book.keys()].flatMap((name) => [...suffixes(dnsName(name))]));
  }

  find(name: string, type: string): ServedSet | ServedAlias | undefined {
    const sets = this.#setsOf(name).filter(({ Type }) => Type === type);
    const chosen = choose(sets, this.#isHealthy);
    if (!chosen) return undefined;
    const { AliasTarget, TTL = 0, ResourceRecords = [] } = chosen;
    return AliasTarget
      ? { alias: AliasTarget.DNSName ?? "" }
      : { ttlSeconds: TTL, values: ResourceRecords.flatMap(({ Value }) => Value ?? []) };
  }

  exists(name: string): boolean {
    return this.#names.has(name) || this.#setsOf(name).length > 0;
  }

  /** A wildcard answers for names that do not exist, from the closest one that does (RFC 4592). */
  #setsOf(name: string): readonly ResourceRecordSet[] {
    const own = this.#served.get(canonical(name));
    if (own) return own;
    if (this.#names.has(name)) return [];
    const [, ...above] = suffixes(name);
    const closest = above.find((ancestor) => this.#names.has(ancestor));
    return closest === undefined ? [] : (this.#served.get(canonical(`*.${closest}`)) ?? []);
  }
}

function apexSets(name: string, nameServers: readonly string[]): ResourceRecordSet[] {
  const servers = nameServers.map((server) => ({ Value: `${server}.` }));
  const [first = { Value: "ns-1.awsdns-local.com." }] = servers;
  const soa = `${first.Value} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { Name: name, Type: "NS", TTL: 172_800, ResourceRecords: servers },
    { Name: name, Type: "SOA", TTL: 900, ResourceRecords: [{ Value: soa }] },
  ];
}
