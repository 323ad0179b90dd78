import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Instance } from "../sla/fleet.ts";

/** Endpoint names of an instance's databases, as RDS gave them. */
export interface Endpoints {
  readonly primary: string;
  readonly standby?: string;
}

/**
 * The records a provider has in its zone: a failover pair for the database and the application where
 * there is a standby, plain ones where there is none.
 */
export function recordsOf({ dns, app }: Instance, endpoints: Endpoints): Change[] {
  const database = pair(dns.names.database, dns.ttl, endpoints.primary, endpoints.standby);
  const web =
    dns.names.app === undefined || app === undefined
      ? []
      : pair(dns.names.app, dns.ttl, app.home, app.standby);
  return [...database, ...web];
}

function pair(name: string, ttl: number, home: string, standby: string | undefined): Change[] {
  const plain = { Name: name, Type: "CNAME", TTL: ttl } as const;
  const to = (value: string) => ({ ResourceRecords: [{ Value: value }] });
  if (standby === undefined) return [create({ ...plain, ...to(home) })];
  return [
    create({ ...plain, ...to(home), SetIdentifier: "a", Failover: "PRIMARY" }),
    create({ ...plain, ...to(standby), SetIdentifier: "b", Failover: "SECONDARY" }),
  ];
}

const create = (record: ResourceRecordSet): Change => ({
  Action: "CREATE",
  ResourceRecordSet: record,
});
