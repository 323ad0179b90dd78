import * as client from "@aws-sdk/client-route-53";
import type { DnsServer } from "../dns/server.ts";
import type { ZoneSource } from "../dns/zone-source.ts";
import type { EventLog } from "../event-log.ts";
import type { Pace } from "../pace.ts";
import type { Operation, ServiceDefinition } from "../wire/service.ts";
import { Changes } from "./changes.ts";
import { HealthChecks } from "./health-checks.ts";
import { healthCheckOperations } from "./health-operations.ts";
import { HostedZone, type ZoneIdentity } from "./hosted-zone.ts";
import { canonical } from "./names.ts";
import { RateLimit } from "./rate-limit.ts";
import { recordOperations } from "./record-operations.ts";
import { zoneOperations } from "./zone-operations.ts";
import { Zones } from "./zones.ts";

export interface Route53Options {
  readonly log: EventLog;
  readonly pace: Pace;
  /** Its name servers become every zone's delegation set; it answers from the zones at once. */
  readonly dns: DnsServer;
  /** Real milliseconds until an accepted change is answered by the name servers. @default 100 */
  readonly propagationMs?: number;
}

export interface Route53 {
  readonly definition: ServiceDefinition;
  readonly zones: ZoneSource;
  /** A zone with a given id, as a fleet names it. Throws when the id is taken. */
  createZone(zone: { readonly id: string; readonly name: string }): void;
  /** Ends all polling. */
  close(): void;
}

/** Requests a second and account, all operations together. */
const REQUESTS_PER_SECOND = 5;

export function route53Service({ log, pace, dns, propagationMs = 100 }: Route53Options): Route53 {
  const zones = new Zones();
  const changes = new Changes(propagationMs);
  const checks = new HealthChecks({ log, pace, addressOf: (name) => dns.addressOf(name) });
  const limit = new RateLimit(REQUESTS_PER_SECOND * pace.factor, Date.now);
  const open = (identity: ZoneIdentity) => {
    const zone = new HostedZone(identity, dns.nameServers, (id) => checks.isHealthy(id));
    zones.add(zone);
    return zone;
  };
  dns.useZones(zones);
  const operations = {
    ...zoneOperations({ zones, changes, open, nameServers: () => dns.nameServers }),
    ...recordOperations({ zones, changes, log, hasHealthCheck: (id) => checks.has(id) }),
    ...healthCheckOperations(checks),
  };
  return {
    definition: { name: "route53", client, operations: limited(operations, limit) },
    zones,
    createZone({ id, name }) {
      if (zones.has(id)) throw new RangeError(`route53: hosted zone ${id} exists already`);
      open({ id, name: canonical(name), callerReference: id });
    },
    close: () => checks.close(),
  };
}

function limited(operations: Readonly<Record<string, Operation>>, limit: RateLimit) {
  return Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, Operation] => [
      name,
      async (input, context) => {
        limit.take();
        return run(input, context);
      },
    ]),
  );
}
