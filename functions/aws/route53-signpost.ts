import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { RECORDS_REFUSED } from "../failover/errors.ts";
import type { Signpost } from "../failover/ports.ts";
import type { DnsRecord } from "../failover/records.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { listRecords } from "./route53-list.ts";

/** No batch that says the same will ever be taken. */
const REFUSALS = new Set(["InvalidChangeBatch", "InvalidInput", "NoSuchHealthCheck"]);

/** Route 53 is one global service; its API lives in us-east-1. `turn` comes before every call. */
export const route53Signpost = (clock: Clock, turn?: () => Promise<void>): Signpost =>
  signpostBy(new Route53Client(clientSettings(clock, { region: "us-east-1" })), turn);

export function signpostBy(
  client: Route53Client,
  turn: () => Promise<void> = async () => {},
): Signpost {
  const servers = new Map<string, readonly string[]>();

  const call = async <T>(doing: string, send: () => Promise<T>): Promise<T> => {
    await turn();
    return answered(doing, send());
  };

  return {
    records: (zone, names) => listRecords(client, turn, zone, names),

    async write(zone, records) {
      const Changes = records.map((record) => ({
        Action: "UPSERT" as const,
        ResourceRecordSet: setOf(record),
      }));
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes },
      });
      const changing = call(`change records in zone ${zone}`, () => client.send(command));
      const { ChangeInfo } = await taken(zone, changing);
      return ChangeInfo?.Id ?? "";
    },

    async isInSync(change) {
      const command = new GetChangeCommand({ Id: change });
      try {
        const { ChangeInfo } = await call(`get change ${change}`, () => client.send(command));
        return ChangeInfo?.Status === "INSYNC";
      } catch (cause) {
        // Forgotten, or lost when the API was moved to another region: whoever waits for it writes again.
        if (errorName(cause) === "NoSuchChange") return false;
        throw cause;
      }
    },

    async nameServers(zone) {
      const known = servers.get(zone);
      if (known) return known;
      const command = new GetHostedZoneCommand({ Id: zone });
      const { DelegationSet } = await call(`get zone ${zone}`, () => client.send(command));
      const found = DelegationSet?.NameServers ?? [];
      servers.set(zone, found);
      return found;
    },
  };
}

/** One change at a time and zone: the others are asked to come again. */
async function taken<T>(zone: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const name = errorName(cause) ?? "";
    if (name === "PriorRequestNotComplete") {
      throw new SlaError("CloudThrottled", "cloud", `zone ${zone} is still busy`, { cause });
    }
    if (!REFUSALS.has(name)) throw cause;
    const message = `zone ${zone} refuses the records: ${(cause as Error).message}`;
    throw new SlaError(RECORDS_REFUSED, "operator", message, { cause });
  }
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
