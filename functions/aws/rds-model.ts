import type { RDSClient } from "@aws-sdk/client-rds";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Model } from "../failover/ports.ts";
import { instanceOf } from "./rds-instance.ts";

/** What a database of a region has that another there would need as well; undefined if there is none. */
export async function rdsModel(client: RDSClient, seat: Seat): Promise<Model | undefined> {
  const found = await instanceOf(client, seat);
  const subnetGroup = found?.DBSubnetGroup?.DBSubnetGroupName;
  return (
    found && {
      multiAz: found.MultiAZ ?? false,
      ...(subnetGroup !== undefined && { subnetGroup }),
      ...(found.StorageEncrypted && found.KmsKeyId && { kmsKey: found.KmsKeyId }),
    }
  );
}
