/** A record set as the DNS gives it out; values in presentation format (`10 mail.example.ch.`). */
export interface ServedSet {
  readonly ttlSeconds: number;
  readonly values: readonly string[];
}

/** A name that answers with the addresses of another one, as Route 53's aliases do. */
export interface ServedAlias {
  readonly alias: string;
}

export interface DnsZone {
  /** Lower case, without the final dot. */
  readonly name: string;
  /** The one set that routing chooses now. Names are lower case, without the final dot. */
  find(name: string, type: string): ServedSet | ServedAlias | undefined;
  /** Whether the name or one below it has records of any type: tells "no data" from "no such name". */
  exists(name: string): boolean;
}

/** Where the DNS server finds what it is authoritative for. */
export interface ZoneSource {
  /** The zone with the longest name that ends `name`. */
  zoneOf(name: string): DnsZone | undefined;
}

/** The one spelling used as a key: lower case, without the final dot. */
export const bare = (name: string) => name.toLowerCase().replace(/\.$/, "");

/** `a.b.c` → `a.b.c`, `b.c`, `c`. */
export function* suffixes(name: string): Generator<string> {
  for (let rest = name; rest !== ""; ) {
    yield rest;
    const dot = rest.indexOf(".");
    rest = dot < 0 ? "" : rest.slice(dot + 1);
  }
}
