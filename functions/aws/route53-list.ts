import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { bare, type DnsRecord, sameName } from "../failover/records.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Names } from "../prepared/ports.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** A pair of failover records and some room; more of one name would be no failover. */
const PER_NAME = 10;
/** From so many names on, reading the zone from its beginning takes fewer calls: 300 records each. */
const MANY_NAMES = 20;

type Turn = () => Promise<void>;
type From = Omit<ListResourceRecordSetsCommandInput, "HostedZoneId">;

/** The CNAME records of exactly these names, in the order of the names or of the zone. */
export async function listRecords(
  client: Route53Client,
  turn: Turn,
  zone: string,
  names: readonly string[],
): Promise<readonly DnsRecord[]> {
  const page = (from: From): Promise<ListResourceRecordSetsCommandOutput> =>
    turn().then(() =>
      answered(
        `list ${from.StartRecordName ?? "all records"} in zone ${zone}`,
        client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...from })),
      ),
    );
  if (names.length >= MANY_NAMES) {
    const asked = new Map(names.map((name) => [bare(name), name]));
    return (await everyPage(page)).flatMap((set) => {
      const name = asked.get(bare(set.Name ?? ""));
      return name === undefined ? [] : recordOf(set, name);
    });
  }
  const found = await Promise.all(
    names.map(async (name) => {
      const start = {
        StartRecordName: name,
        StartRecordType: "CNAME",
        MaxItems: PER_NAME,
      } as const;
      const { ResourceRecordSets = [] } = await page(start);
      return ResourceRecordSets.flatMap((set) => recordOf(set, name));
    }),
  );
  return found.flat();
}

/** All record sets of a zone, page by page. */
export async function everyPage(
  page: (from: From) => Promise<ListResourceRecordSetsCommandOutput>,
): Promise<readonly ResourceRecordSet[]> {
  const sets: ResourceRecordSet[] = [];
  for (let from: From | undefined = {}; from; ) {
    const {
      ResourceRecordSets = [],
      IsTruncated,
      NextRecordName,
      NextRecordType,
      NextRecordIdentifier,
    } = await page(from);
    sets.push(...ResourceRecordSets);
    from = IsTruncated
      ? {
          StartRecordName: NextRecordName,
          StartRecordType: NextRecordType,
          StartRecordIdentifier: NextRecordIdentifier,
        }
      : undefined;
  }
  return sets;
}

/** `turn` comes before every call. */
export const route53Names = (clock: Clock, turn: Turn): Names =>
  namesBy(new Route53Client(clientSettings(clock, { region: "us-east-1" })), turn);

export const namesBy = (client: Route53Client, turn: Turn = async () => {}): Names => ({
  async primaries(zone, names) {
    const all = await listRecords(client, turn, zone, names);
    return all.flatMap(({ name, failover }) => {
      if (failover?.role !== "PRIMARY") return [];
      const { healthCheck } = failover;
      return [{ name, ...(healthCheck !== undefined && { healthCheck }) }];
    });
  },
});

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
