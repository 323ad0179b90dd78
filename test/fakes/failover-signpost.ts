import type { Oracle, Signpost } from "../../functions/failover/ports.ts";
import type { DnsRecord } from "../../functions/failover/records.ts";

/** A zone in memory. A change is in sync, and in the answers, after it has been asked for a few times. */
export class FakeSignpost implements Signpost, Oracle {
  zone: DnsRecord[];
  readonly batches: (readonly DnsRecord[])[] = [];
  /** Servers that go on answering what was. */
  readonly stale = new Set<string>();
  looksUntilSync = 2;
  readonly #before: readonly DnsRecord[];

  constructor(zone: readonly DnsRecord[]) {
    this.zone = [...zone];
    this.#before = zone;
  }

  async records(_zone: string, names: readonly string[]) {
    return this.zone.filter(({ name }) => names.includes(name));
  }

  async write(_zone: string, records: readonly DnsRecord[]) {
    this.batches.push(records);
    this.zone = this.zone.map((old) => records.find((each) => isSame(each, old)) ?? old);
    return `change-${this.batches.length}`;
  }

  async isInSync() {
    this.looksUntilSync -= 1;
    return this.looksUntilSync < 0;
  }

  async nameServers() {
    return ["ns-1.example", "ns-2.example"];
  }

  async cname(server: string, name: string) {
    const zone = this.stale.has(server) ? this.#before : this.zone;
    return zone.find((record) => record.name === name)?.target;
  }
}

const isSame = (a: DnsRecord, b: DnsRecord) =>
  a.name === b.name && a.failover?.setIdentifier === b.failover?.setIdentifier;
