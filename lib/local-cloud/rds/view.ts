import type { DBInstance } from "@aws-sdk/client-rds";
import { windowOf } from "./automated/backup.ts";
import { engineOf } from "./engines.ts";
import type { Instance } from "./instance.ts";
import type { World } from "./world.ts";

/** What the API tells about an instance. */
export function view({ inventory, automated }: World, instance: Instance): DBInstance {
  const { choices, contents, host, region } = instance;
  const { name, port } = host.options;
  const replicas = inventory.replicasOf(instance).map((replica) => reference(replica, region));
  const backup = automated.of(instance);
  const latest = backup && windowOf(backup)?.latest;
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.resourceId,
    DBInstanceStatus: instance.status,
    InstanceCreateTime: instance.createdAt,
    ...(host.isReachable && {
      Endpoint: { Address: name, Port: port, HostedZoneId: "Z0LOCALCLOUDRDS" },
    }),
    DbInstancePort: port,
    Engine: contents.engine,
    EngineVersion: contents.engineVersion,
    MasterUsername: contents.masterUsername,
    ...(contents.databaseName !== undefined && { DBName: contents.databaseName }),
    StorageEncrypted: contents.encrypted,
    ...(contents.kmsKey !== undefined && { KmsKeyId: contents.kmsKey }),
    StorageType: "gp3",
    AllocatedStorage: choices.allocatedStorageGb,
    DBInstanceClass: choices.instanceClass,
    AvailabilityZone: `${region}a`,
    MultiAZ: choices.multiAz,
    BackupRetentionPeriod: choices.backupRetentionDays,
    ...(latest && { LatestRestorableTime: latest }),
    DBInstanceAutomatedBackupsReplications: backup
      ? automated.copiesOf(backup).map(({ arn }) => ({ DBInstanceAutomatedBackupsArn: arn }))
      : [],
    PreferredBackupWindow: choices.backupWindow,
    PreferredMaintenanceWindow: choices.maintenanceWindow,
    DeletionProtection: choices.deletionProtection,
    CopyTagsToSnapshot: choices.copyTagsToSnapshot,
    PubliclyAccessible: choices.publiclyAccessible,
    AutoMinorVersionUpgrade: false,
    IAMDatabaseAuthenticationEnabled: false,
    CACertificateIdentifier: "rds-ca-rsa2048-g1",
    LicenseModel: engineOf(instance).license,
    VpcSecurityGroups: instance.groups.map(({ id, status }) => ({
      VpcSecurityGroupId: id,
      Status: status,
    })),
    DBSecurityGroups: [],
    DBParameterGroups: [
      { DBParameterGroupName: choices.parameterGroup, ParameterApplyStatus: "in-sync" },
    ],
    DBSubnetGroup: { DBSubnetGroupName: choices.subnetGroup, SubnetGroupStatus: "Complete" },
    PendingModifiedValues: {},
    ReadReplicaDBInstanceIdentifiers: replicas,
    ...replication(instance),
    TagList: [...instance.tags],
  };
}

/**
 * `replicating` is what RDS says while it means the replica to follow: it does not turn to `error` the moment the
 * primary dies, and says nothing of lag.
 */
function replication({ source, region }: Instance): DBInstance {
  if (!source) return {};
  const follows = source.replication === "replicating";
  return {
    ...(follows && { ReadReplicaSourceDBInstanceIdentifier: reference(source, region) }),
    StatusInfos: [{ StatusType: "read replication", Normal: follows, Status: source.replication }],
  };
}

/** An identifier within a region, an ARN across regions. */
function reference(other: { region: string; id: string; arn: string }, region: string): string {
  return other.region === region ? other.id : other.arn;
}
