import { type DBInstance, DescribeDBInstancesCommand, type RDSClient } from "@aws-sdk/client-rds";
import { thereOrNot } from "./cloud-errors.ts";

/** What RDS says of one database; undefined if there is none of that name. */
export async function instanceOf(
  client: RDSClient,
  { region, database }: { readonly region: string; readonly database: string },
): Promise<DBInstance | undefined> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: database });
  const doing = `describe ${database} in ${region}`;
  const said = await thereOrNot(doing, client.send(command), "DBInstanceNotFoundFault");
  return said?.DBInstances?.[0];
}
