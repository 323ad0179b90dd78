import type {
  DBSnapshot,
  DBSnapshotMessage,
  DescribeDBSnapshotsMessage,
} from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { type Matchers, matching } from "./filters.ts";
import { pageOf } from "./pages.ts";
import { snapshotView } from "./snapshot-view.ts";
import type { World } from "./world.ts";

const SNAPSHOT_FILTERS: Matchers<DBSnapshot> = {
  "db-instance-id": (snapshot, value) => snapshot.DBInstanceIdentifier === value.toLowerCase(),
  "db-snapshot-id": (snapshot, value) => snapshot.DBSnapshotIdentifier === value.toLowerCase(),
  "dbi-resource-id": (snapshot, value) => snapshot.DbiResourceId === value,
  "snapshot-type": (snapshot, value) => snapshot.SnapshotType === value,
  engine: (snapshot, value) => snapshot.Engine === value,
};

export async function describeSnapshots(
  { snapshots }: World,
  input: DescribeDBSnapshotsMessage,
  { region }: CallContext,
): Promise<DBSnapshotMessage> {
  const id = input.DBSnapshotIdentifier;
  const asked = id === undefined ? snapshots.in(region) : [snapshots.get(region, id)];
  const conditions = Object.entries({
    "db-instance-id": input.DBInstanceIdentifier,
    "dbi-resource-id": input.DbiResourceId,
    "snapshot-type": input.SnapshotType,
  }).flatMap(([Name, value]) => (value === undefined ? [] : [{ Name, Values: [value] }]));
  const filters = [...conditions, ...(input.Filters ?? [])];
  const found = matching(asked.map(snapshotView), filters, SNAPSHOT_FILTERS);
  const { items, marker } = pageOf(found, (one) => one.DBSnapshotIdentifier ?? "", input);
  return { DBSnapshots: [...items], ...(marker !== undefined && { Marker: marker }) };
}
