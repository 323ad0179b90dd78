import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  paginateListHostedZones,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { clientSettings } from "../../../functions/aws/clients.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import type { Attempt } from "./read-region.ts";
import type { RecordSurvey, ZoneSurvey } from "./survey.ts";

/** Public zones with the records that lead to other names. One call after the other: an account has five a second. */
export async function readZones(clock: Clock, attempt: Attempt): Promise<readonly ZoneSurvey[]> {
  // Route 53 lives there, whatever region asks.
  const client = new Route53Client(
    clientSettings(clock, { region: "us-east-1", answerSeconds: 20, maxAttempts: 5 }),
  );
  try {
    const pages = paginateListHostedZones({ client }, {});
    const zones = await attempt("hosted zones", async () =>
      (await Array.fromAsync(pages)).flatMap(({ HostedZones = [] }) => HostedZones),
    );
    const surveys: ZoneSurvey[] = [];
    for (const { Id = "", Name = "", Config } of zones) {
      if (Config?.PrivateZone) continue;
      const id = Id.replace("/hostedzone/", "");
      const records = await attempt(`records of ${bare(Name)}`, () => recordsIn(client, id));
      surveys.push({ id, name: bare(Name), records });
    }
    return surveys;
  } finally {
    client.destroy();
  }
}

async function recordsIn(client: Route53Client, zone: string): Promise<readonly RecordSurvey[]> {
  const found: RecordSurvey[] = [];
  let from: Readonly<Record<string, string>> | undefined = {};
  while (from) {
    const page: ListResourceRecordSetsCommandOutput = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...from }),
    );
    found.push(...(page.ResourceRecordSets ?? []).flatMap(recordOf));
    from = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName ?? "",
          StartRecordType: page.NextRecordType ?? "",
          ...(page.NextRecordIdentifier && { StartRecordIdentifier: page.NextRecordIdentifier }),
        }
      : undefined;
  }
  return found;
}

function recordOf(set: ResourceRecordSet): readonly RecordSurvey[] {
  const target = set.AliasTarget?.DNSName ?? (set.Type === "CNAME" && firstValue(set));
  if (!set.Name || !target) return [];
  const routing =
    set.SetIdentifier === undefined ? "simple" : set.Failover === undefined ? "other" : "failover";
  return [
    {
      name: bare(set.Name),
      target: bare(target).replace(/^dualstack\./, ""),
      ...(set.TTL !== undefined && { ttlSeconds: set.TTL }),
      routing,
    },
  ];
}

const firstValue = ({ ResourceRecords }: ResourceRecordSet) => ResourceRecords?.[0]?.Value;

/** Route 53 writes `*` as its octal code. */
const bare = (name: string) => name.toLowerCase().replace(/\.$/, "").replace("\\052", "*");
