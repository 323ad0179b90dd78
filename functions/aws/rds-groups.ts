import {
  DescribeDBSubnetGroupsCommand,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { Clock } from "../kernel/clock.ts";
import type { Groups, Versions } from "../prepared/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, thereOrNot } from "./cloud-errors.ts";
import { parameterGroupIn } from "./rds-parameters.ts";

interface Here {
  readonly region: string;
}

/** Nobody waits for it; but two regions that are lost must not take it all its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 3000 };
const PAGE = { pageSize: 100 };

export function rdsGroups(clock: Clock, { region: here }: Here): Groups {
  const clients = perRegion(
    (region) =>
      new RDSClient(clientSettings(clock, { ...SETTINGS, region, onceIfLate: region !== here })),
  );
  return {
    async subnets(name) {
      const command = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name });
      const doing = `describe the subnet group ${name} of ${here}`;
      const said = await thereOrNot(
        doing,
        clients(here).send(command),
        "DBSubnetGroupNotFoundFault",
      );
      const found = said?.DBSubnetGroups?.[0];
      return (
        found && {
          vpc: found.VpcId ?? "no VPC",
          status: found.SubnetGroupStatus ?? "unknown",
          subnets: (found.Subnets ?? []).map((subnet) => ({
            id: subnet.SubnetIdentifier ?? "",
            zone: subnet.SubnetAvailabilityZone?.Name ?? "",
          })),
        }
      );
    },

    parameters: (region, name) => parameterGroupIn(clients(region), region, name),
  };
}

export function rdsVersions(clock: Clock, { region }: Here): Versions {
  const client = new RDSClient(clientSettings(clock, { ...SETTINGS, region }));
  return {
    async backups() {
      const pages = paginateDescribeDBSnapshots({ client, ...PAGE }, { SnapshotType: "manual" });
      const all = await answered(`list the snapshots of ${region}`, Array.fromAsync(pages));
      return all.flatMap(({ DBSnapshots = [] }) =>
        DBSnapshots.flatMap((each) => {
          const { DBSnapshotIdentifier: id, EngineVersion: version, KmsKeyId: key, Engine } = each;
          if (id === undefined || version === undefined) return [];
          const taken = each.SnapshotDatabaseTime ?? each.OriginalSnapshotCreateTime;
          const known = { id, ...serverOf(version, Engine), ...(key !== undefined && { key }) };
          return [{ ...known, ...(taken && { takenAt: taken.toISOString() }) }];
        }),
      );
    },

    async databases() {
      const pages = paginateDescribeDBInstances({ client, ...PAGE }, {});
      const all = await answered(`list the databases of ${region}`, Array.fromAsync(pages));
      return all.flatMap(({ DBInstances = [] }) =>
        DBInstances.flatMap((each) => {
          const { DBInstanceIdentifier: id, EngineVersion: version, Engine } = each;
          const retentionDays = each.BackupRetentionPeriod ?? 0;
          if (id === undefined || version === undefined) return [];
          return [{ id, ...serverOf(version, Engine), retentionDays }];
        }),
      );
    },
  };
}

const serverOf = (version: string, engine: string | undefined) => ({
  version,
  ...(engine !== undefined && { engine }),
});
