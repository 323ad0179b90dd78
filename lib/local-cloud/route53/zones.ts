import { type DnsZone, suffixes, type ZoneSource } from "../dns/zone-source.ts";
import { AwsError } from "../wire/service.ts";
import type { HostedZone } from "./hosted-zone.ts";
import { lastSegment } from "./names.ts";

/** Every hosted zone of the account, by id and by name. */
export class Zones implements ZoneSource {
  readonly #byId = new Map<string, HostedZone>();
  readonly #byName = new Map<string, HostedZone>();

  /** Of two zones with one name the first answers, as only one can be delegated to. */
  add(zone: HostedZone): void {
    this.#byId.set(zone.identity.id, zone);
    if (!this.#byName.has(zone.name)) this.#byName.set(zone.name, zone);
  }

  remove(zone: HostedZone): void {
    this.#byId.delete(zone.identity.id);
    if (this.#byName.get(zone.name) !== zone) return;
    this.#byName.delete(zone.name);
    const heir = this.all().find(({ name }) => name === zone.name);
    if (heir) this.#byName.set(heir.name, heir);
  }

  all(): HostedZone[] {
    return [...this.#byId.values()];
  }

  /** `id` with or without `/hostedzone/`. */
  has(id: string): boolean {
    return this.#byId.has(lastSegment(id));
  }

  /** Throws `NoSuchHostedZone`. */
  get(id: string | undefined): HostedZone {
    const plain = lastSegment(id ?? "");
    const zone = this.#byId.get(plain);
    if (!zone)
      throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${plain}`, 404);
    return zone;
  }

  zoneOf(name: string): DnsZone | undefined {
    for (const suffix of suffixes(name)) {
      const zone = this.#byName.get(suffix);
      if (zone) return zone;
    }
    return undefined;
  }
}
