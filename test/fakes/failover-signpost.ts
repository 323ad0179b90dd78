import { RECORDS_REFUSED } from "../../functions/failover/errors.ts";
import type { FlagSight, Oracle, Signpost, StopChecks } from "../../functions/failover/ports.ts";
import type { DnsRecord } from "../../functions/failover/records.ts";
import { SlaError } from "../../functions/kernel/errors.ts";

const PROPAGATION_MS = 30_000;

/** A zone in memory. A change is in sync, and in the answers, after it has been asked for a few times. */
export class FakeSignpost implements Signpost, Oracle, StopChecks {
  zone: DnsRecord[];
  readonly batches: (readonly DnsRecord[])[] = [];
  /** Servers that go on answering what was. */
  readonly stale = new Set<string>();
  looksUntilSync = 2;
  /** The API does not answer; DNS does. */
  apiLost = false;
  /** Whether the STOP flag of a name is up: then SECONDARY answers. */
  isRaised: (name: string) => boolean = () => false;
  /** Names of which Route 53 takes no record, and with it no batch that holds one. */
  readonly refused = new Set<string>();
  /** Called whenever somebody asks Route 53 or DNS. */
  onCall: () => void = () => {};
  now: () => Date = () => new Date(0);
  readonly #before: readonly DnsRecord[];
  /** What the name servers have: a change arrives there half a minute later, or when it is said to be in sync. */
  #served: readonly DnsRecord[];
  #arrivesAt = Number.POSITIVE_INFINITY;

  constructor(zone: readonly DnsRecord[]) {
    this.zone = [...zone];
    this.#before = zone;
    this.#served = zone;
  }

  async records(_zone: string, names: readonly string[]) {
    this.#mustAnswer();
    return this.zone.filter(({ name }) => names.includes(name));
  }

  async write(_zone: string, records: readonly DnsRecord[]) {
    this.#mustAnswer();
    const [bad] = records.filter(({ name }) => this.refused.has(name));
    if (bad) throw new SlaError(RECORDS_REFUSED, "operator", `the zone refuses ${bad.name}`);
    this.batches.push(records);
    this.looksUntilSync = Math.max(this.looksUntilSync, 2);
    this.zone = this.zone.map((old) => records.find((each) => isSame(each, old)) ?? old);
    this.#arrivesAt = this.now().getTime() + PROPAGATION_MS;
    return `change-${this.batches.length}`;
  }

  async isInSync() {
    this.#mustAnswer();
    this.looksUntilSync -= 1;
    if (this.looksUntilSync < 0) this.#arrivesAt = 0;
    return this.looksUntilSync < 0;
  }

  async named() {
    return [];
  }

  async seen(check: string): Promise<readonly FlagSight[]> {
    this.#mustAnswer();
    const watched = this.zone.filter(({ failover }) => failover?.healthCheck === check);
    const raised = watched.some(({ name }) => this.isRaised(name));
    return [{ at: this.now().toISOString(), raised }];
  }

  async nameServers() {
    this.#mustAnswer();
    return this.serversOf();
  }

  async serversOf() {
    return ["ns-1.example", "ns-2.example"];
  }

  async cname(server: string, name: string) {
    this.onCall();
    return this.answer(name, this.stale.has(server) ? this.#before : this.served);
  }

  get served(): readonly DnsRecord[] {
    if (this.now().getTime() >= this.#arrivesAt) {
      this.#served = [...this.zone];
      this.#arrivesAt = Number.POSITIVE_INFINITY;
    }
    return this.#served;
  }

  answer(name: string, zone: readonly DnsRecord[] = this.served): string | undefined {
    const sets = zone.filter((record) => record.name === name);
    const secondary = sets.find(({ failover }) => failover?.role === "SECONDARY");
    return (this.isRaised(name) && secondary ? secondary : sets[0])?.target;
  }

  #mustAnswer(): void {
    this.onCall();
    if (this.apiLost) throw new SlaError("CloudUnreachable", "cloud", "us-east-1: no answer");
  }
}

const isSame = (a: DnsRecord, b: DnsRecord) =>
  a.name === b.name && a.failover?.setIdentifier === b.failover?.setIdentifier;
