import { paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import type { Clock } from "../kernel/clock.ts";
import type { TaggedDatabases } from "../ledger/untagged.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { tagsIn } from "./rds-registry.ts";

export function rdsTags(clock: Clock, { region }: { readonly region: string }): TaggedDatabases {
  const client = new RDSClient(clientSettings(clock, { region }));
  return {
    async tags() {
      const pages = paginateDescribeDBInstances({ client, pageSize: 100 }, {});
      const all = await answered(`list the databases of ${region}`, Array.fromAsync(pages));
      return new Map(
        all
          .flatMap(({ DBInstances = [] }) => DBInstances)
          .map((each) => [each.DBInstanceIdentifier ?? "", tagsIn(each)]),
      );
    },
  };
}
