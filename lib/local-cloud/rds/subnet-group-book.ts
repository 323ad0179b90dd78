import type { Subnet, Subnets } from "../ec2/subnets.ts";
import { AwsError } from "../wire/service.ts";

export interface SubnetGroup {
  readonly region: string;
  readonly name: string;
  readonly description: string;
  readonly subnets: readonly Subnet[];
}

/** Every region has one of this name, of its default VPC. */
export const DEFAULT_SUBNET_GROUP = "default";
const ZONES_NEEDED = 2;

/** DB subnet groups of all regions. */
export class SubnetGroups {
  readonly #subnets: Subnets;
  readonly #groups = new Map<string, SubnetGroup>();

  constructor(subnets: Subnets) {
    this.#subnets = subnets;
  }

  /**
   * Makes a group, or gives the one of that name these subnets.
   *
   * @throws AwsError InvalidSubnet, DBSubnetGroupDoesNotCoverEnoughAZs
   */
  put(region: string, name: string, description: string, ids: readonly string[]): SubnetGroup {
    const subnets = this.#subnets.find(region, ids).map((subnet, place) => {
      if (subnet) return subnet;
      throw new AwsError("InvalidSubnet", `The subnet ID '${ids[place]}' does not exist`, 400);
    });
    const vpcs = new Set(subnets.map(({ vpc }) => vpc));
    if (vpcs.size > 1) {
      throw new AwsError("InvalidSubnet", `Subnets of several VPCs: ${[...vpcs].join(", ")}`, 400);
    }
    const zones = new Set(subnets.map(({ zone }) => zone));
    if (zones.size < ZONES_NEEDED) {
      throw new AwsError(
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${[...zones].join(", ")}. Add subnets to cover at least ${ZONES_NEEDED} AZs.`,
        400,
      );
    }
    const group = { region, name: name.toLowerCase(), description, subnets };
    this.#groups.set(`${region}/${group.name}`, group);
    return group;
  }

  has(region: string, name: string): boolean {
    return name === DEFAULT_SUBNET_GROUP || this.#groups.has(`${region}/${name.toLowerCase()}`);
  }

  /** @throws AwsError DBSubnetGroupNotFoundFault */
  get(region: string, name: string): SubnetGroup {
    const found = this.#groups.get(`${region}/${name.toLowerCase()}`);
    if (found) return found;
    throw notFound(name);
  }

  /** @throws AwsError DBSubnetGroupNotFoundFault */
  check(region: string, name: string): void {
    if (!this.has(region, name)) throw notFound(name);
  }

  in(region: string): SubnetGroup[] {
    return [...this.#groups.values()].filter((group) => group.region === region);
  }

  remove({ region, name }: SubnetGroup): void {
    this.#groups.delete(`${region}/${name}`);
  }
}

const notFound = (name: string) =>
  new AwsError("DBSubnetGroupNotFoundFault", `DB subnet group '${name}' does not exist.`, 404);
