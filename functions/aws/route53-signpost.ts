import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { Signpost } from "../failover/ports.ts";
import { type DnsRecord, sameName } from "../failover/records.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** A pair of failover records and some room; more of one name would be no failover. */
const PER_NAME = 10;

/** Route 53 is one global service; its API lives in us-east-1. */
export const route53Signpost = (clock: Clock): Signpost =>
  signpostBy(new Route53Client(clientSettings(clock, { region: "us-east-1" })));

export function signpostBy(client: Route53Client): Signpost {
  const servers = new Map<string, readonly string[]>();

  const recordsOf = async (zone: string, name: string): Promise<readonly DnsRecord[]> => {
    const { ResourceRecordSets } = await answered(
      `list ${name} in zone ${zone}`,
      client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: zone,
          StartRecordName: name,
          StartRecordType: "CNAME",
          MaxItems: PER_NAME,
        }),
      ),
    );
    return (ResourceRecordSets ?? []).flatMap((set) => recordOf(set, name));
  };

  return {
    records: async (zone, names) =>
      (await Promise.all(names.map((name) => recordsOf(zone, name)))).flat(),

    async write(zone, records) {
      const Changes = records.map((record) => ({
        Action: "UPSERT" as const,
        ResourceRecordSet: setOf(record),
      }));
      const change = client.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }),
      );
      const { ChangeInfo } = await busy(zone, answered(`change records in zone ${zone}`, change));
      return ChangeInfo?.Id ?? "";
    },

    async isInSync(change) {
      const answer = client.send(new GetChangeCommand({ Id: change }));
      const { ChangeInfo } = await answered(`get change ${change}`, answer);
      return ChangeInfo?.Status === "INSYNC";
    },

    async nameServers(zone) {
      const known = servers.get(zone);
      if (known) return known;
      const answer = client.send(new GetHostedZoneCommand({ Id: zone }));
      const { DelegationSet } = await answered(`get zone ${zone}`, answer);
      const found = DelegationSet?.NameServers ?? [];
      servers.set(zone, found);
      return found;
    },
  };
}

/** One change at a time and zone: the others are asked to come again. */
async function busy<T>(zone: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (errorName(cause) !== "PriorRequestNotComplete") throw cause;
    throw new SlaError("CloudThrottled", "cloud", `zone ${zone} is still busy`, { cause });
  }
}

/** The list goes on past the name it starts at: only exactly this name is ours. */
function recordOf(set: ResourceRecordSet, name: string): readonly DnsRecord[] {
  const target = set.ResourceRecords?.[0]?.Value;
  if (set.Type !== "CNAME" || target === undefined || !sameName(set.Name ?? "", name)) return [];
  const { Failover, SetIdentifier, HealthCheckId } = set;
  const failover =
    Failover && SetIdentifier
      ? {
          role: Failover,
          setIdentifier: SetIdentifier,
          ...(HealthCheckId !== undefined && { healthCheck: HealthCheckId }),
        }
      : undefined;
  return [{ name, target, ttl: set.TTL ?? 60, ...(failover && { failover }) }];
}

const setOf = ({ name, target, ttl, failover }: DnsRecord): ResourceRecordSet => ({
  Name: name,
  Type: "CNAME",
  TTL: ttl,
  ResourceRecords: [{ Value: target }],
  ...(failover && {
    Failover: failover.role,
    SetIdentifier: failover.setIdentifier,
    ...(failover.healthCheck !== undefined && { HealthCheckId: failover.healthCheck }),
  }),
});
