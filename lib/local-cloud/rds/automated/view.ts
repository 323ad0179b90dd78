import type { DBInstanceAutomatedBackup } from "@aws-sdk/client-rds";
import { type AutomatedBackup, windowOf } from "./backup.ts";

/** What the API tells about the automated backups of an instance. */
export function automatedView(backup: AutomatedBackup): DBInstanceAutomatedBackup {
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
    Engine: "postgres",
    EngineVersion: contents.engineVersion,
    LicenseModel: "postgresql-license",
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
    DBInstanceAutomatedBackupsReplications: [],
  };
}

export function statusOf(backup: AutomatedBackup): "creating" | "active" | "retained" {
  if (backup.isRetained) return "retained";
  return windowOf(backup) ? "active" : "creating";
}
