import type { Fleet } from "../sla/fleet.ts";
import { hashOf } from "../sla/shards.ts";

/** Names of zones that a role has room for beside the rest: IAM takes 10,240 characters of all policies in a role. */
const ZONES_FIT = 40;

/**
 * Of a managed policy beside its actions, which take some 180: IAM takes 6,144 characters of each, spaces not counted, and ten policies to a role unless
 * the account has asked for more (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). The others are left to the provider.
 */
const CHARACTERS_FIT = 5950;
const POLICIES = 6;
/** Two quotation marks and a comma. */
const AROUND = 3;

/** Hosted zones of a fleet, as those who move records may change them. */
export interface ZoneArns {
  /** What the role itself names. */
  readonly inRole: readonly string[];
  /** Of each managed policy beside it, by its number; some may have none. */
  readonly beside: readonly (readonly string[])[];
}

/** Each zone by its name: in the role as long as they fit, then in policies beside it; too many even for those, all of the account. */
export function changedZones(fleet: Fleet): ZoneArns {
  const arns = namesOf(fleet);
  if (arns.length <= ZONES_FIT) return { inRole: arns, beside: [] };
  const beside = dealt(arns);
  return beside.every(fits) ? { inRole: [], beside } : { inRole: [ANY_ZONE], beside: [] };
}

/** Of those who only read records: each as long as they fit, else all of the account. */
export function readZones(fleet: Fleet): readonly string[] {
  const arns = namesOf(fleet);
  return arns.length <= ZONES_FIT ? arns : [ANY_ZONE];
}

const zoneArn = (zone: string) => `arn:aws:route53:::hostedzone/${zone}`;
const ANY_ZONE = zoneArn("*");

const namesOf = ({ instances }: Fleet) => [
  ...new Set(instances.map(({ dns }) => zoneArn(dns.zone))),
];

/** By their names alone: a zone that is added or taken away moves no other from one policy to another, where a deployment would leave it in neither for a moment. */
function dealt(arns: readonly string[]): readonly (readonly string[])[] {
  const dealt = Map.groupBy(arns, (arn) => hashOf(arn) % POLICIES);
  return Array.from({ length: POLICIES }, (_, index) => dealt.get(index) ?? []);
}

const fits = (arns: readonly string[]) =>
  arns.reduce((sum, { length }) => sum + length + AROUND, 0) <= CHARACTERS_FIT;
