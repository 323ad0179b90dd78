import { type DBSnapshot, paginateDescribeDBSnapshots, RDSClient } from "@aws-sdk/client-rds";
import type { Listed } from "../../lib/sla/backups/catalogue.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Snapshots } from "../reconcile/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** A list is read page by page; one page may take its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 10_000 };

export function rdsSnapshots(clock: Clock): Snapshots {
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { ...SETTINGS, region })),
  );
  return {
    async list(region) {
      const pages = paginateDescribeDBSnapshots(
        { client: clients(region), pageSize: 100 },
        { SnapshotType: "manual" },
      );
      const all = await answered(`list the snapshots of ${region}`, Array.fromAsync(pages));
      return all.flatMap(({ DBSnapshots = [] }) =>
        DBSnapshots.flatMap((each) => listed(each, region)),
      );
    },
  };
}

/** As RDS shows it; nothing without a name. */
export function listed(snapshot: DBSnapshot, region: string): Listed[] {
  const { DBSnapshotIdentifier: id, Status: status = "unknown", KmsKeyId: key } = snapshot;
  if (id === undefined) return [];
  const time = snapshot.SnapshotDatabaseTime ?? snapshot.OriginalSnapshotCreateTime;
  return [
    {
      ...{ id, region, status },
      ...(time && { takenAt: time.toISOString() }),
      isCopy: snapshot.SourceDBSnapshotIdentifier !== undefined,
      ...(key !== undefined && { key }),
      ...(snapshot.DBInstanceIdentifier !== undefined && {
        database: snapshot.DBInstanceIdentifier,
      }),
      tags: Object.fromEntries(
        (snapshot.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      ),
    },
  ];
}
