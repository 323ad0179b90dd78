import { type DBInstance, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import type { Clock } from "../kernel/clock.ts";
import type { Endpoint, Inventory } from "../watch/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** Two attempts end before the next look of the quickest plans begins. */
const SETTINGS = { answerSeconds: 4 };

/** One paginated description a region: the API throttles those who ask for every instance. */
export function rdsInventory(clock: Clock): Inventory {
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { ...SETTINGS, region })),
  );
  return {
    async describe(region) {
      const pages = paginateDescribeDBInstances({ client: clients(region), pageSize: 100 }, {});
      const all = await answered(`describe the databases of ${region}`, Array.fromAsync(pages));
      return new Map(all.flatMap((page) => page.DBInstances ?? []).flatMap(endpointOf));
    },
  };
}

/** A database still being made has no endpoint: nobody can be asked there. */
function endpointOf({
  DBInstanceIdentifier,
  Endpoint: endpoint,
  AllocatedStorage: gib,
  StatusInfos = [],
}: DBInstance) {
  return DBInstanceIdentifier && endpoint?.Address && endpoint.Port
    ? [
        [
          DBInstanceIdentifier,
          {
            ...{ host: endpoint.Address, port: endpoint.Port },
            ...(gib !== undefined && { allocatedBytes: gib * 2 ** 30 }),
            ...(StatusInfos.length > 0 && {
              replication: StatusInfos.flatMap(({ Status }) => Status ?? []),
            }),
          } satisfies Endpoint,
        ] as const,
      ]
    : [];
}
