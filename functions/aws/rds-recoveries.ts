import {
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import type { Recoveries, RestoreOrder } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Secrets } from "../sql/server.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { described, giveMasterPassword, restoreRefusal } from "./rds-restores.ts";
import { tagList } from "./rds-shelf.ts";

/** Databases of the own region that are restored into service. */
export function rdsRecoveries(
  clock: Clock,
  { region }: { readonly region: string },
  secrets: Secrets,
): Recoveries {
  const client = new RDSClient(clientSettings(clock, { region }));
  return {
    describe: (database) => described(client, { region, database }),

    async restore(order) {
      const doing = `restore ${order.database}`;
      return answered(doing, asked(client, order))
        .then(() => "accepted" as const)
        .catch(restoreRefusal);
    },

    open: (database) => giveMasterPassword(client, database, secrets),
  };
}

function asked(client: RDSClient, order: RestoreOrder): Promise<unknown> {
  const { point } = order;
  if (point.from === "backup") {
    return client.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: order.database,
        DBSnapshotIdentifier: point.id,
        ...settings(order),
      }),
    );
  }
  const source =
    point.database === undefined
      ? { SourceDBInstanceAutomatedBackupsArn: point.archive }
      : { SourceDBInstanceIdentifier: point.database };
  return client.send(
    new RestoreDBInstanceToPointInTimeCommand({
      TargetDBInstanceIdentifier: order.database,
      ...source,
      ...(point.isNewest ? { UseLatestRestorableTime: true } : { RestoreTime: new Date(point.at) }),
      ...settings(order),
    }),
  );
}

/** Class and storage are those of what it is restored from. */
const settings = (order: RestoreOrder) => ({
  DBSubnetGroupName: order.subnetGroup,
  DBParameterGroupName: order.parameterGroup,
  VpcSecurityGroupIds: [...order.groups],
  BackupRetentionPeriod: order.backupRetentionDays,
  MultiAZ: order.multiAz,
  PubliclyAccessible: false,
  CopyTagsToSnapshot: true,
  DeletionProtection: true,
  Tags: tagList(order.tags),
});
