import { Resolver } from "node:dns/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings } from "../../functions/aws/clients.ts";
import { signpostBy } from "../../functions/aws/route53-signpost.ts";
import { s3Ledger } from "../../functions/aws/s3-ledger.ts";
import type { Oracle } from "../../functions/failover/ports.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { recordsOf } from "../../lib/drill/records.ts";
import { DnsServer } from "../../lib/local-cloud/dns/server.ts";
import { EventLog } from "../../lib/local-cloud/event-log.ts";
import { Pace } from "../../lib/local-cloud/pace.ts";
import { route53Service } from "../../lib/local-cloud/route53/service.ts";
import { s3Service } from "../../lib/local-cloud/s3/service.ts";
import { WireServer } from "../../lib/local-cloud/wire/server.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { StandinDatabases } from "./databases.ts";

const SECRET = "a-secret-of-one-run-and-no-other";
const DNS_ADDRESS = "127.0.93.53";
const DNS_PORT = 18_093;
/** Route 53 tells all its servers within a minute. */
const PROPAGATION_SECONDS = 60;

export type Cloud = Awaited<ReturnType<typeof openCloud>>;

/** Route 53 and S3 of the local cloud, over the wire: limits, batches, conditional writes and DNS are real. */
export async function openCloud(fleet: Fleet, clock: Clock, factor: number) {
  const directory = mkdtempSync(join(tmpdir(), "bench-region-"));
  const [log, pace] = [new EventLog(), new Pace(factor)];
  const dns = new DnsServer({ pace });
  await dns.listen([DNS_ADDRESS], DNS_PORT);
  const propagationMs = pace.ms(PROPAGATION_SECONDS);
  const route53 = route53Service({ log, pace, dns, propagationMs });
  const wire = new WireServer({ log });
  wire.add(route53.definition);
  wire.add(s3Service({ secretAccessKey: SECRET, directory }).definition);
  const endpoint = await wire.listen("127.0.0.1", 0);
  const credentials = { accessKeyId: "AKIALOCALCLOUD000000", secretAccessKey: SECRET };
  const settings = { ...clientSettings(clock), endpoint, credentials };
  const s3 = new S3Client({ ...settings, region: "us-east-1", forcePathStyle: true });
  const ledgers = new Map(
    Object.keys(fleet.sites).map((region) => {
      const bucket = ledgerBucket(fleet.provider.account, region);
      return [region, { bucket, ledger: s3Ledger(s3, bucket) }] as const;
    }),
  );
  for (const { bucket } of ledgers.values())
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const zone of new Set(fleet.instances.map((each) => each.dns.zone))) {
    route53.createZone({ id: zone, name: "example.ch" });
  }
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([`${DNS_ADDRESS}:${DNS_PORT}`]);
  const cname = async (name: string) => (await resolver.resolveCname(name).catch(() => []))[0];
  return {
    log,
    cname,
    /** Each execution of AWS has a client of its own: none knows of the calls of others. */
    signpost: () => signpostBy(new Route53Client({ ...settings, region: "us-east-1" })),
    oracle: { cname: (_server, name) => cname(name), serversOf: async () => [] } satisfies Oracle,
    ledgers: (region: string) => {
      const found = ledgers.get(region);
      if (!found) throw new Error(`no ledger in ${region}`);
      return found.ledger;
    },
    async createRecords(databases: StandinDatabases) {
      const client = new Route53Client({ ...settings, region: "us-east-1" });
      for (const instance of fleet.instances) {
        const primary = `${instance.database.primary}.xyz.${instance.home}.rds.amazonaws.com`;
        const standby = databases.hostOf(instance.database.standby ?? "") ?? "";
        const Changes = recordsOf(instance, { primary, standby });
        const input = { HostedZoneId: instance.dns.zone, ChangeBatch: { Changes } };
        await client.send(new ChangeResourceRecordSetsCommand(input));
      }
    },
    async close() {
      route53.close();
      await Promise.all([wire.close(), dns.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
