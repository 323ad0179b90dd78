import type { DBInstanceAutomatedBackup } from "@aws-sdk/client-rds";
import { engineOf } from "../engines.ts";
import type { World } from "../world.ts";
import { type AutomatedBackup, windowOf } from "./backup.ts";

/** What the API tells about the automated backups of an instance. */
export function automatedView(
  { automated }: World,
  backup: AutomatedBackup,
): DBInstanceAutomatedBackup {
  const { contents, choices } = backup;
  const window = windowOf(backup);
  return {
    DBInstanceArn: backup.instanceArn,
    DBInstanceIdentifier: backup.instanceId,
    DbiResourceId: backup.instanceResourceId,
    DBInstanceAutomatedBackupsArn: backup.arn,
    Region: backup.instanceArn.split(":")[3],
    Status: statusOf(backup),
    ...(window && { RestoreWindow: { EarliestTime: window.earliest, LatestTime: window.latest } }),
    InstanceCreateTime: backup.instanceCreatedAt,
    Engine: contents.engine,
    EngineVersion: contents.engineVersion,
    LicenseModel: engineOf(backup).license,
    MasterUsername: contents.masterUsername,
    Port: backup.port,
    AllocatedStorage: choices.allocatedStorageGb,
    AvailabilityZone: `${backup.region}a`,
    StorageType: "gp3",
    Encrypted: contents.encrypted,
    ...(contents.kmsKey !== undefined && { KmsKeyId: contents.kmsKey }),
    IAMDatabaseAuthenticationEnabled: false,
    BackupRetentionPeriod: choices.backupRetentionDays,
    PreferredBackupWindow: choices.backupWindow,
    BackupTarget: "region",
    TagList: [...backup.tags],
    DBInstanceAutomatedBackupsReplications: automated
      .copiesOf(backup)
      .map(({ arn }) => ({ DBInstanceAutomatedBackupsArn: arn })),
  };
}

/** As the User Guide shows them: `pending` and `replicating` are those of a copy. */
export function statusOf(backup: AutomatedBackup): string {
  if (backup.isRetained) return "retained";
  const isComplete = windowOf(backup) !== undefined;
  if (backup.copyOf) return isComplete ? "replicating" : "pending";
  return isComplete ? "active" : "creating";
}
