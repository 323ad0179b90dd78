import type { Fleet } from "../sla/fleet.ts";

/** Names of zones that a role has room for beside the rest: IAM takes 10,240 characters of all its policies. */
const ZONES_FIT = 40;

/** Hosted zones of the fleet, each as long as they fit, else all of the account: what is changed there are names of the fleet. */
export function zoneArns({ instances }: Fleet): readonly string[] {
  const zones = [...new Set(instances.map(({ dns }) => dns.zone))];
  const named = zones.length <= ZONES_FIT ? zones : ["*"];
  return named.map((zone) => `arn:aws:route53:::hostedzone/${zone}`);
}
