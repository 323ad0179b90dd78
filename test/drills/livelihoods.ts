import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import type { Stage } from "../../lib/drill/stage.ts";

/** What customers live on, as the provider sees it: roles, records and databases of a fleet. */
export async function livelihoods({ fleet, estate: { aws } }: Stage) {
  const regions = Object.keys(fleet.sites);
  const zones = [...new Set(fleet.instances.map(({ dns }) => dns.zone))];
  const rolesIn = async (region: string) => {
    const input = { Bucket: ledgerBucket(fleet.provider.account, region), Prefix: "roles/" };
    const { Versions = [] } = await aws.s3(region).send(new ListObjectVersionsCommand(input));
    // Whoever writes a role again, even the same, leaves another version behind.
    return Versions.map(({ Key, VersionId }) => ({ region, Key, VersionId }));
  };
  const recordsIn = async (HostedZoneId: string) => {
    const input = new ListResourceRecordSetsCommand({ HostedZoneId });
    return (await aws.route53().send(input)).ResourceRecordSets ?? [];
  };
  const databasesIn = async (region: string) =>
    (await aws.rds(region).send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
  const [roles, records, databases] = await Promise.all([
    Promise.all(regions.map(rolesIn)),
    Promise.all(zones.map(recordsIn)),
    Promise.all(regions.map(databasesIn)),
  ]);
  return { roles: roles.flat(), records: records.flat(), databases: databases.flat() };
}
