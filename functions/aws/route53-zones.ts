import {
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import type { RecordLook } from "../../lib/sla/live/judge-names.ts";
import { bare } from "../failover/records.ts";
import type { Zones } from "../live/ports.ts";
import { perRegion as perZone } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { everyPage } from "./route53-list.ts";

/** Reads each zone once, 300 records a call, and goes by that: made anew for each look. `turn` comes before every call. */
export function route53Zones(client: Route53Client, turn: () => Promise<void>): Zones {
  const listed = perZone(async (zone) => {
    const sets = await everyPage(async (from) => {
      await turn();
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...from });
      return answered(`list the records of zone ${zone}`, client.send(command));
    });
    return Map.groupBy(sets.map(recordLookOf), ({ name }) => name);
  });
  return {
    async records(zone, names) {
      const found = await listed(zone);
      return names.flatMap((name) => found.get(bare(name)) ?? []);
    },
  };
}

export function recordLookOf(set: ResourceRecordSet): RecordLook {
  const target = leadOf(set);
  const { TTL: ttl, Failover: role, HealthCheckId: healthCheck } = set;
  const failover = role && { role, ...(healthCheck !== undefined && { healthCheck }) };
  return {
    name: bare(set.Name ?? ""),
    type: set.Type ?? "",
    ...(target !== undefined && { target }),
    ...(ttl !== undefined && { ttl }),
    ...(failover && { failover }),
  };
}

function leadOf(set: ResourceRecordSet): string | undefined {
  const first = set.ResourceRecords?.[0]?.Value;
  const target = set.AliasTarget?.DNSName ?? (set.Type === "CNAME" ? first : undefined);
  return target && bare(target).replace(/^dualstack\./, "");
}
