import { Resolver } from "node:dns/promises";
import { Route53Client } from "@aws-sdk/client-route-53";
import { DnsServer } from "../../../lib/local-cloud/dns/server.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";
import { route53Service } from "../../../lib/local-cloud/route53/service.ts";
import { WireServer } from "../../../lib/local-cloud/wire/server.ts";

export const ZONE = "Z0123456789ABC";
const PORT = 18054;

/** An account with one zone, `example.ch`, the real client of it, and a resolver that asks its DNS. */
export async function openAccount({ address, pace = 60, propagationMs = 20 }: Settings) {
  const log = new EventLog();
  const dns = new DnsServer({ pace: new Pace(pace) });
  await dns.listen([address], PORT);
  const route53 = route53Service({ log, pace: new Pace(pace), dns, propagationMs });
  route53.createZone({ id: ZONE, name: "example.ch" });
  const wire = new WireServer({ log });
  wire.add(route53.definition);
  const client = new Route53Client({
    endpoint: await wire.listen("127.0.0.1", 0),
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([`${address}:${PORT}`]);
  return {
    log,
    dns,
    client,
    resolver,
    async close() {
      client.destroy();
      route53.close();
      await Promise.all([wire.close(), dns.close()]);
    },
  };
}

interface Settings {
  readonly address: string;
  readonly pace?: number;
  readonly propagationMs?: number;
}
