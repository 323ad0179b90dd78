import { isIPv4, isIPv6 } from "node:net";
import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { AwsError } from "../wire/service.ts";
import { isDomainName, isWithin } from "./names.ts";

/** One record set against its zone (canonical name); the message when it is refused. */
type Rule = (set: ResourceRecordSet, zone: string) => string | undefined;

const RULES: readonly Rule[] = [
  (set, zone) =>
    isWithin(set.Name ?? "", zone)
      ? undefined
      : `RRSet with DNS name ${set.Name} is not permitted in zone ${zone}`,
  (set, zone) =>
    set.Type === "CNAME" && set.Name === zone
      ? `RRSet of type CNAME with DNS name ${set.Name} is not permitted at apex in zone ${zone}`
      : undefined,
  (set) => (isDomainName(set.Name ?? "") ? undefined : fatal("DomainLabel", "name", set.Name)),
  (set) =>
    set.Type === "CNAME" && (set.ResourceRecords?.length ?? 0) > 1
      ? `RRSet of type CNAME with DNS name ${set.Name} must have exactly one value`
      : undefined,
  (set) => set.ResourceRecords?.map(({ Value }) => badValue(set.Type ?? "", Value)).find(Boolean),
];

export const brokenRules = (set: ResourceRecordSet, zone: string): string[] =>
  RULES.flatMap((rule) => rule(set, zone) ?? []);

const fatal = (code: string, what: string, value: string | undefined) =>
  `Invalid Resource Record: FATAL problem: ${code} (not a valid ${what}) encountered with '${value}'`;

interface ValueCheck {
  readonly code: string;
  readonly what: string;
  test(value: string): boolean;
}

const domain: ValueCheck = { code: "DomainLabel", what: "domain name", test: isDomainName };

const fields = (what: string, pattern: RegExp): ValueCheck => ({
  code: "InvalidRecordData",
  what,
  test: (value) => pattern.test(value),
});

/** A type that is absent is one the local DNS does not serve. */
const VALUES: Readonly<Record<string, ValueCheck>> = {
  A: { code: "ARRDATAIllegalIPv4Address", what: "IPv4 address", test: isIPv4 },
  AAAA: { code: "AAAARRDATAIllegalIPv6Address", what: "IPv6 address", test: isIPv6 },
  CNAME: domain,
  NS: domain,
  PTR: domain,
  TXT: fields("quoted string", /^("(?:[^"\\]|\\.){0,255}"\s*)+$/),
  MX: fields("priority and domain name", /^\d{1,5}\s+\S+$/),
  SRV: fields("priority, weight, port and domain name", /^\d{1,5}\s+\d{1,5}\s+\d{1,5}\s+\S+$/),
  CAA: fields("flags, tag and quoted value", /^\d{1,3}\s+[a-z0-9]+\s+".*"$/i),
  SOA: fields("start of authority", /^\S+\s+\S+(\s+\d+){5}$/),
};

function badValue(type: string, value: string | undefined): string | undefined {
  const check = VALUES[type];
  if (!check || value === undefined) return undefined;
  return check.test(value) ? undefined : fatal(check.code, check.what, value);
}

const ELSEWHERE = [
  "Weight",
  "Region",
  "GeoLocation",
  "MultiValueAnswer",
  "CidrRoutingConfig",
  "GeoProximityLocation",
  "TrafficPolicyInstanceId",
] as const;

/** The shape of a change, before anything is compared with the zone: throws `InvalidInput`, or 501. */
export function checkShape(change: Change): void {
  const set = change.ResourceRecordSet ?? { Name: undefined, Type: undefined };
  const lacking = ELSEWHERE.find((field) => set[field] !== undefined);
  if (lacking || !VALUES[set.Type ?? ""]) {
    const what = lacking ? `routing by ${lacking}` : `records of type ${set.Type}`;
    throw new AwsError(
      "NotImplemented",
      `${what} of ${set.Name}: the local cloud routes simple and failover records of types ${Object.keys(VALUES).join(", ")}`,
      501,
    );
  }
  const fault = shapeFault(set);
  if (fault) throw new AwsError("InvalidInput", `Invalid request: ${fault} in ${named(change)}`);
}

function shapeFault(set: ResourceRecordSet): string | undefined {
  const plain = set.TTL !== undefined && (set.ResourceRecords?.length ?? 0) > 0;
  if (plain === (set.AliasTarget !== undefined)) {
    const found = plain ? "more than one" : "none";
    return `Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found}`;
  }
  if (set.Failover && !set.SetIdentifier) return "Missing field 'SetIdentifier'";
  if (set.SetIdentifier && !set.Failover) {
    return "Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found none";
  }
  return undefined;
}

const named = ({ Action, ResourceRecordSet: set }: Change) =>
  `Change with [Action=${Action}, Name=${set?.Name}, Type=${set?.Type}, SetIdentifier=${set?.SetIdentifier ?? null}]`;
