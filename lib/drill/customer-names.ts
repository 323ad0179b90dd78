import type { Change } from "@aws-sdk/client-route-53";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { zonesOf } from "./zones.ts";

/** A name under which customers know an application, in a zone that may be their own. */
export interface CustomerName {
  readonly zone: { readonly id: string; readonly name: string };
  readonly change: Change;
}

/**
 * Pages whose host is none of the names a failover moves: customers' own domains. They lead to the name that
 * moves, the only arrangement in which the page follows its application.
 */
export function customerNames(fleet: Fleet): readonly CustomerName[] {
  const zones = zonesOf(fleet);
  const named = new Set(fleet.instances.flatMap(knownNames));
  return fleet.instances.flatMap(({ id, url, dns }) => {
    const host = new URL(url).hostname;
    const { app } = dns.names;
    if (app === undefined || named.has(host) || !host.includes(".")) return [];
    const zone = [...zones].find(([, name]) => host.endsWith(`.${name}`));
    const [, ...parent] = host.split(".");
    return [
      {
        zone: zone
          ? { id: zone[0], name: zone[1] }
          : { id: `ZOF${idOf(id)}`, name: parent.join(".") },
        change: {
          Action: "CREATE",
          ResourceRecordSet: {
            Name: host,
            Type: "CNAME",
            TTL: dns.ttl,
            ResourceRecords: [{ Value: app }],
          },
        },
      },
    ];
  });
}

const knownNames = ({ dns: { names }, app }: Instance): readonly string[] =>
  [
    names.database,
    names.app,
    app?.home,
    app?.standby,
    ...Object.values(app?.recovery ?? {}),
  ].filter((name) => name !== undefined);

/** Zone ids are capitals and digits. */
const idOf = (instance: string) => instance.toUpperCase().replace(/[^A-Z0-9]/g, "");
