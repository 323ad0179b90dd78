import type { Oracle, Signpost } from "../../functions/failover/ports.ts";
import type { DnsRecord } from "../../functions/failover/records.ts";
import { SlaError } from "../../functions/kernel/errors.ts";

/** A zone in memory. A change is in sync, and in the answers, after it has been asked for a few times. */
export class FakeSignpost implements Signpost, Oracle {
  zone: DnsRecord[];
  readonly batches: (readonly DnsRecord[])[] = [];
  /** Servers that go on answering what was. */
  readonly stale = new Set<string>();
  looksUntilSync = 2;
  /** The API does not answer; DNS does. */
  apiLost = false;
  /** Whether the STOP flag of a name is up: then SECONDARY answers. */
  isRaised: (name: string) => boolean = () => false;
  readonly #before: readonly DnsRecord[];

  constructor(zone: readonly DnsRecord[]) {
    this.zone = [...zone];
    this.#before = zone;
  }

  async records(_zone: string, names: readonly string[]) {
    this.#mustAnswer();
    return this.zone.filter(({ name }) => names.includes(name));
  }

  async write(_zone: string, records: readonly DnsRecord[]) {
    this.#mustAnswer();
    this.batches.push(records);
    this.zone = this.zone.map((old) => records.find((each) => isSame(each, old)) ?? old);
    return `change-${this.batches.length}`;
  }

  async isInSync() {
    this.#mustAnswer();
    this.looksUntilSync -= 1;
    return this.looksUntilSync < 0;
  }

  async nameServers() {
    this.#mustAnswer();
    return this.serversOf();
  }

  async serversOf() {
    return ["ns-1.example", "ns-2.example"];
  }

  async cname(server: string, name: string) {
    return this.answer(name, this.stale.has(server) ? this.#before : this.zone);
  }

  answer(name: string, zone: readonly DnsRecord[] = this.zone): string | undefined {
    const sets = zone.filter((record) => record.name === name);
    const secondary = sets.find(({ failover }) => failover?.role === "SECONDARY");
    return (this.isRaised(name) && secondary ? secondary : sets[0])?.target;
  }

  #mustAnswer(): void {
    if (this.apiLost) throw new SlaError("CloudUnreachable", "cloud", "us-east-1: no answer");
  }
}

const isSame = (a: DnsRecord, b: DnsRecord) =>
  a.name === b.name && a.failover?.setIdentifier === b.failover?.setIdentifier;
