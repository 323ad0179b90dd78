import { DescribeDBInstancesCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Model } from "../failover/ports.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** What a database of a region has that another there would need as well; undefined if there is none. */
export async function rdsModel(
  client: RDSClient,
  { region, database }: Seat,
): Promise<Model | undefined> {
  try {
    const { DBInstances } = await answered(
      `describe ${database} in ${region}`,
      client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: database })),
    );
    const found = DBInstances?.[0];
    const subnetGroup = found?.DBSubnetGroup?.DBSubnetGroupName;
    return (
      found && {
        multiAz: found.MultiAZ ?? false,
        ...(subnetGroup !== undefined && { subnetGroup }),
        ...(found.StorageEncrypted && found.KmsKeyId && { kmsKey: found.KmsKeyId }),
      }
    );
  } catch (cause) {
    if (errorName(cause) === "DBInstanceNotFoundFault") return undefined;
    throw cause;
  }
}
