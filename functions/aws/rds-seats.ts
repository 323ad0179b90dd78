import { type DBInstance, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import type { Clock } from "../kernel/clock.ts";
import type { Databases, LiveSeat } from "../live/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { tagsIn } from "./rds-registry.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000 } as const;
const PAGE = 100;

/** Asks each region once for all of its databases, and goes by that: made anew for each look. */
export function rdsSeats(clock: Clock): Databases {
  const listed = perRegion(async (region) => {
    const client = new RDSClient(clientSettings(clock, { region, ...PATIENT }));
    const pages = paginateDescribeDBInstances({ client, pageSize: PAGE }, {});
    const all = await answered(`describe the databases of ${region}`, Array.fromAsync(pages));
    const seats = all.flatMap(({ DBInstances = [] }) => DBInstances).flatMap(seatOf);
    return new Map(seats.map((seat) => [seat.id, seat]));
  });
  return { look: async ({ region, database }) => (await listed(region)).get(database) };
}

/** Nothing of what has no name yet. */
export function seatOf(found: DBInstance): readonly LiveSeat[] {
  const { DBInstanceIdentifier: id, DBInstanceArn: arn, StatusInfos = [] } = found;
  if (!id || !arn) return [];
  const { EngineVersion: version = "" } = found;
  const { MultiAZ = false, StorageEncrypted = false, DeletionProtection = false } = found;
  const endpoint = found.Endpoint?.Address?.toLowerCase();
  const source = found.ReadReplicaSourceDBInstanceIdentifier;
  const parameterGroup = found.DBParameterGroups?.[0]?.DBParameterGroupName;
  const [replication] = StatusInfos.flatMap(({ Status }) => Status ?? []);
  return [
    {
      ...{ id, arn, status: found.DBInstanceStatus ?? "" },
      ...{ instanceClass: found.DBInstanceClass ?? "unknown", version },
      ...{ multiAz: MultiAZ, encrypted: StorageEncrypted, deletionProtection: DeletionProtection },
      retentionDays: found.BackupRetentionPeriod ?? 0,
      groups: (found.VpcSecurityGroups ?? []).flatMap((each) => each.VpcSecurityGroupId ?? []),
      ...(endpoint && { endpoint }),
      ...(source && { replicaOf: source }),
      ...(replication !== undefined && { replication }),
      ...(parameterGroup && { parameterGroup }),
      tags: tagsIn(found),
    },
  ];
}
