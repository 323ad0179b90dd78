import { SlaError } from "../../functions/kernel/errors.ts";
import type { Entry, Ledger } from "../../functions/ledger/ledger.ts";

interface Held {
  readonly json: string;
  readonly tag: string;
  readonly writtenAt?: string;
}

/** A site's ledger in memory. Values go through JSON, as on the wire. */
export class MemoryLedger implements Ledger {
  readonly region: string;
  /** While false, every call rejects with `CloudUnreachable`. */
  reachable = true;
  /** How often it was asked, whatever for. */
  calls = 0;
  /** The same by what S3 takes money for; a list has a thousand keys a page. */
  readonly requests = { put: 0, get: 0, list: 0 };
  /** Keys in the order of their writes. */
  readonly writes: string[] = [];
  readonly #held = new Map<string, Held>();

  constructor(region: string) {
    this.region = region;
  }

  async read<T>(key: string): Promise<Entry<T> | undefined> {
    this.#answer(`read ${key}`, "get");
    const held = this.#held.get(key);
    return held && { value: JSON.parse(held.json) as T, tag: held.tag };
  }

  async text(key: string): Promise<string | undefined> {
    this.#answer(`read ${key}`, "get");
    return this.#held.get(key)?.json;
  }

  async create(key: string, value: unknown): Promise<boolean> {
    this.#answer(`create ${key}`, "put");
    if (this.#held.has(key)) return false;
    this.#write(key, value);
    return true;
  }

  async replace(key: string, value: unknown, tag: string): Promise<boolean> {
    this.#answer(`replace ${key}`, "put");
    if (this.#held.get(key)?.tag !== tag) return false;
    this.#write(key, value);
    return true;
  }

  async list(prefix: string) {
    const found = [...this.#held].filter(([key]) => key.startsWith(prefix));
    this.#answer(`list ${prefix}`, "list", Math.max(1, Math.ceil(found.length / 1000)));
    return found
      .map(([key, { tag, writtenAt }]) => ({ key, tag, ...(writtenAt && { writtenAt }) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** For a test's eyes: the value under a key, reachable or not. */
  peek<T>(key: string): T | undefined {
    const held = this.#held.get(key);
    return held && (JSON.parse(held.json) as T);
  }

  keys(prefix = ""): string[] {
    return [...this.#held.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }

  remove(key: string): void {
    this.#held.delete(key);
  }

  /** Puts a value whatever is there. @param writtenAt when the ledger says it took it, ISO 8601 */
  put(key: string, value: unknown, writtenAt?: string): void {
    this.#write(key, value, writtenAt);
  }

  #write(key: string, value: unknown, writtenAt?: string): void {
    this.writes.push(key);
    const tag = `"v${this.writes.length}"`;
    const json = JSON.stringify(value);
    this.#held.set(key, { json, tag, ...(writtenAt !== undefined && { writtenAt }) });
  }

  #answer(doing: string, kind: keyof MemoryLedger["requests"], pages = 1): void {
    this.calls += 1;
    this.requests[kind] += pages;
    if (this.reachable) return;
    throw new SlaError("CloudUnreachable", "cloud", `${this.region}: ${doing}: no answer`);
  }
}

/** The ledgers of all regions; each begins empty and reachable. */
export class MemoryLedgers {
  readonly #ledgers = new Map<string, MemoryLedger>();

  readonly at = (region: string): MemoryLedger => {
    const known = this.#ledgers.get(region) ?? new MemoryLedger(region);
    this.#ledgers.set(region, known);
    return known;
  };

  cutOff(region: string): void {
    this.at(region).reachable = false;
  }

  restore(region: string): void {
    this.at(region).reachable = true;
  }
}
