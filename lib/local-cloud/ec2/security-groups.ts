import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../wire/service.ts";
import { ANY_VPC } from "./subnets.ts";

/** Who may connect: addresses, or whatever carries another group of the region. */
export type Source = { readonly cidr: string } | { readonly group: string };

/** What a rule is of; gates ask for its source alone, because each endpoint has one port. */
export interface Ports {
  /** `tcp`, or `-1` for all. */
  readonly protocol: string;
  readonly from?: number;
  readonly to?: number;
}

export interface Rule extends Ports {
  readonly source: Source;
}

interface Group {
  /** Absent: its id is its name. */
  readonly name?: string;
  readonly description: string;
  readonly vpc: string;
  readonly rules: Rule[];
  /** Where it lets out to: shown, not enforced. */
  readonly egress: readonly Rule[];
}

export interface GroupView extends Group {
  readonly id: string;
}

const ANY_PORT: Ports = { protocol: "-1" };
/** What EC2 gives to a group of which nobody says otherwise. */
const ANYWHERE: readonly Rule[] = [{ ...ANY_PORT, source: { cidr: "0.0.0.0/0" } }];

/** The group every region's default VPC has; unlike AWS's, it admits everybody. */
export const DEFAULT_GROUP = "default";

/**
 * Security groups of all regions, of which ingress is held. They are asked for each new connection; as on AWS,
 * a change leaves established ones alone, and a group without a rule admits nobody.
 */
export class SecurityGroups {
  readonly #groups = new Map<string, Group>();
  readonly #groupsOfAddress = new Map<string, Set<string>>();

  /** Returns the id, made up unless given. An id that exists stays as it is. */
  create(
    region: string,
    id?: string,
    about: Partial<Pick<Group, "name" | "description" | "vpc" | "egress">> = {},
  ): string {
    const chosen = id ?? `sg-${randomBytes(9).toString("hex").slice(0, 17)}`;
    const key = keyOf(region, chosen);
    const group = { description: "", vpc: ANY_VPC, egress: ANYWHERE, ...about, rules: [] };
    if (!this.#groups.has(key)) this.#groups.set(key, group);
    return chosen;
  }

  has(region: string, id: string): boolean {
    return id === DEFAULT_GROUP || this.#groups.has(keyOf(region, id));
  }

  /** Undefined where nobody has said so, or there is no such group. */
  vpcOf(region: string, id: string): string | undefined {
    const vpc = this.#groups.get(keyOf(region, id))?.vpc;
    return vpc === ANY_VPC ? undefined : vpc;
  }

  /** One that anybody but its cloud has named. @throws AwsError InvalidGroup.Duplicate */
  createNamed(
    region: string,
    about: Required<Pick<Group, "name" | "description" | "vpc">>,
  ): string {
    const { name, vpc } = about;
    if (!this.list(region).some((each) => each.vpc === vpc && (each.name ?? each.id) === name)) {
      return this.create(region, undefined, about);
    }
    const message = `The security group '${name}' already exists for VPC '${vpc}'`;
    throw new AwsError("InvalidGroup.Duplicate", message, 400);
  }

  /** Of those that are there, in the order they were made. */
  list(region: string): readonly GroupView[] {
    return [...this.#groups].flatMap(([key, group]) => {
      const id = key.slice(region.length + 1);
      return key === keyOf(region, id) ? [{ id, ...group }] : [];
    });
  }

  /** @throws AwsError InvalidGroup.NotFound */
  remove(region: string, id: string): void {
    this.#group(region, id);
    this.#groups.delete(keyOf(region, id));
  }

  /**
   * A rule that is there stays as it is.
   * @throws AwsError InvalidGroup.NotFound, InvalidParameterValue for a malformed CIDR
   */
  allow(region: string, group: string, source: Source, ports = ANY_PORT): void {
    const { rules } = this.#group(region, group);
    if ("cidr" in source) rangeOf(source.cidr);
    const rule = { ...ports, source };
    if (!rules.some((each) => isDeepStrictEqual(each, rule))) rules.push(rule);
  }

  /** @throws AwsError InvalidGroup.NotFound, InvalidPermission.Duplicate */
  checkNew(region: string, group: string, source: Source, ports: Ports): void {
    const { rules } = this.#group(region, group);
    if (!rules.some((each) => isDeepStrictEqual(each, { ...ports, source }))) return;
    throw new AwsError("InvalidPermission.Duplicate", `the rule is in '${group}' already`, 400);
  }

  /** @throws AwsError InvalidGroup.NotFound, InvalidPermission.NotFound */
  revoke(region: string, group: string, source: Source, ports = ANY_PORT): void {
    const { rules } = this.#group(region, group);
    const at = rules.findIndex((each) => isDeepStrictEqual(each, { ...ports, source }));
    if (at < 0) throw new AwsError("InvalidPermission.NotFound", `no such rule in '${group}'`, 400);
    rules.splice(at, 1);
  }

  #group(region: string, id: string): Group {
    const found = this.#groups.get(keyOf(region, id));
    if (found) return found;
    throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`, 400);
  }

  /** Whatever connects from `address` carries these groups, besides those it already has. */
  bind(address: string, groups: readonly string[]): void {
    const carried = this.#groupsOfAddress.get(address) ?? new Set();
    for (const group of groups) carried.add(group);
    this.#groupsOfAddress.set(address, carried);
  }

  /** Whether what connects from `address` lives in a network of the cloud. */
  isBound(address: string): boolean {
    return this.#groupsOfAddress.has(address);
  }

  /** Whether something that carries `groups` accepts a new connection from `sourceAddress`. */
  admits(region: string, groups: readonly string[], sourceAddress: string): boolean {
    const carried = this.#groupsOfAddress.get(sourceAddress);
    const matches = (source: Source) =>
      "cidr" in source ? covers(source.cidr, sourceAddress) : (carried?.has(source.group) ?? false);
    return groups.some(
      (group) =>
        group === DEFAULT_GROUP ||
        (this.#groups.get(keyOf(region, group))?.rules.some(({ source }) => matches(source)) ??
          false),
    );
  }
}

const keyOf = (region: string, id: string) => `${region}/${id}`;

function covers(cidr: string, address: string): boolean {
  const [base, size] = rangeOf(cidr);
  const number = numberOf(address);
  return number !== undefined && Math.floor(number / size) === Math.floor(base / size);
}

/** First address and number of addresses. */
function rangeOf(cidr: string): [base: number, size: number] {
  const [address = "", bits = "", ...rest] = cidr.split("/");
  const base = numberOf(address);
  if (base === undefined || rest.length > 0 || !/^([12]?\d|3[0-2])$/.test(bits)) {
    throw new AwsError(
      "InvalidParameterValue",
      `CIDR block ${cidr} is malformed: expected a.b.c.d/0 to /32`,
      400,
    );
  }
  return [base, 2 ** (32 - Number(bits))];
}

function numberOf(address: string): number | undefined {
  const octets = address
    .replace(/^::ffff:/i, "")
    .split(".")
    .map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
