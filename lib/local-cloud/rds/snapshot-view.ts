import type { DBSnapshot } from "@aws-sdk/client-rds";
import type { Snapshot } from "./snapshot-shelf.ts";

/** What the API tells about a snapshot. */
export function snapshotView(snapshot: Snapshot): DBSnapshot {
  const { contents, choices, status, copiedFrom } = snapshot;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: snapshot.arn,
    DBInstanceIdentifier: snapshot.instanceId,
    DbiResourceId: snapshot.instanceResourceId,
    InstanceCreateTime: snapshot.instanceCreatedAt,
    SnapshotType: "manual",
    Status: status,
    PercentProgress: status === "creating" ? 0 : 100,
    // A snapshot still being made has no time yet.
    ...(status !== "creating" && {
      SnapshotCreateTime: snapshot.createdAt,
      OriginalSnapshotCreateTime: snapshot.originallyCreatedAt,
      SnapshotDatabaseTime: snapshot.databaseTime,
    }),
    Engine: "postgres",
    EngineVersion: contents.engineVersion,
    MasterUsername: contents.masterUsername,
    Port: snapshot.port,
    AllocatedStorage: choices.allocatedStorageGb,
    StorageType: "gp3",
    AvailabilityZone: `${snapshot.region}a`,
    Encrypted: contents.encrypted,
    ...(contents.kmsKey !== undefined && { KmsKeyId: contents.kmsKey }),
    ...(copiedFrom !== undefined && { SourceDBSnapshotIdentifier: copiedFrom }),
    IAMDatabaseAuthenticationEnabled: false,
    TagList: [...snapshot.tags],
  };
}
