export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  /** Availability zone. */
  readonly zone: string;
}

/** Where nobody has described a network, every subnet is taken to be of this one. */
export const ANY_VPC = "vpc-local";

/** Subnets as far as RDS asks for them. A region whose network was not described has every subnet. */
export class Subnets {
  readonly #regions = new Map<string, Map<string, Subnet>>();

  /** Each subnet lies in the next zone of the region. */
  describe(region: string, vpc: string, ids: readonly string[]): void {
    const known = this.#regions.get(region) ?? new Map<string, Subnet>();
    for (const [place, id] of ids.entries()) {
      known.set(id, { id, vpc, zone: zoneOf(region, place) });
    }
    this.#regions.set(region, known);
  }

  /** Those whose network was described. */
  regions(): readonly string[] {
    return [...this.#regions.keys()];
  }

  /** Of those that were described. */
  idsIn(region: string): readonly string[] {
    return [...(this.#regions.get(region)?.keys() ?? [])];
  }

  /** Undefined for those that are not there. */
  find(region: string, ids: readonly string[]): readonly (Subnet | undefined)[] {
    const known = this.#regions.get(region);
    if (known) return ids.map((id) => known.get(id));
    return ids.map((id, place) => ({ id, vpc: ANY_VPC, zone: zoneOf(region, place) }));
  }
}

const zoneOf = (region: string, place: number) => `${region}${"abc".charAt(place % 3)}`;
