import type { DBSnapshot } from "@aws-sdk/client-rds";
import type { Snapshot } from "./snapshot-shelf.ts";

/** What the API tells about a snapshot. */
export function snapshotView(snapshot: Snapshot): DBSnapshot {
  const { contents, choices, status, copiedFrom } = snapshot;
  const isAway = copiedFrom !== undefined && copiedFrom.region !== snapshot.region;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: snapshot.arn,
    DBInstanceIdentifier: snapshot.instanceId,
    DbiResourceId: snapshot.instanceResourceId,
    InstanceCreateTime: snapshot.instanceCreatedAt,
    SnapshotType: snapshot.type,
    Status: status,
    PercentProgress: snapshot.progress,
    // A snapshot still being made has no time yet.
    ...(status !== "creating" && {
      SnapshotCreateTime: snapshot.createdAt,
      OriginalSnapshotCreateTime: snapshot.originallyCreatedAt,
      SnapshotDatabaseTime: snapshot.databaseTime,
    }),
    Engine: contents.engine,
    EngineVersion: contents.engineVersion,
    MasterUsername: contents.masterUsername,
    Port: snapshot.port,
    AllocatedStorage: choices.allocatedStorageGb,
    StorageType: "gp3",
    AvailabilityZone: `${snapshot.region}a`,
    Encrypted: contents.encrypted,
    ...(contents.kmsKey !== undefined && { KmsKeyId: contents.kmsKey }),
    SourceRegion: copiedFrom?.region ?? snapshot.region,
    // Only of a copy from another region.
    ...(isAway && { SourceDBSnapshotIdentifier: copiedFrom?.arn }),
    IAMDatabaseAuthenticationEnabled: false,
    TagList: [...snapshot.tags],
  };
}
