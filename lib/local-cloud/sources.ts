import type { Addresses } from "./addresses.ts";
import type { SecurityGroups } from "./ec2/security-groups.ts";

/** Where connections of functions come from: one address a region, and one each network of a VPC. */
export class Sources {
  readonly #addresses: Addresses;
  readonly #groups: SecurityGroups;
  readonly #known = new Map<string, string>();

  constructor(addresses: Addresses, groups: SecurityGroups) {
    this.#addresses = addresses;
    this.#groups = groups;
  }

  /** Of everything outside a VPC in a region. */
  ofRegion(region: string): string {
    return this.#once(region);
  }

  /** Of functions that carry these security groups. */
  ofGroups(region: string, groups: readonly string[]): string {
    const address = this.#once(`${region} ${groups.toSorted().join(" ")}`);
    this.#groups.bind(address, [...groups]);
    return address;
  }

  #once(label: string): string {
    const known = this.#known.get(label);
    if (known !== undefined) return known;
    const address = this.#addresses.next(`source ${label}`);
    this.#known.set(label, address);
    return address;
  }
}
