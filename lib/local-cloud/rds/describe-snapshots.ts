import type { DBSnapshotMessage, DescribeDBSnapshotsMessage } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { type Matchers, matching } from "./filters.ts";
import { pageOf } from "./pages.ts";
import { invalidValue } from "./parameters.ts";
import type { Snapshot } from "./snapshot-shelf.ts";
import { snapshotView } from "./snapshot-view.ts";
import type { World } from "./world.ts";

/** Nobody shares or publishes a snapshot here, and AWS Backup takes none. */
const TYPES = ["manual", "automated", "shared", "public", "awsbackup"];

const SNAPSHOT_FILTERS: Matchers<Snapshot> = {
  "db-instance-id": (snapshot, value) =>
    snapshot.instanceArn === value || snapshot.instanceId === value.toLowerCase(),
  "db-snapshot-id": (snapshot, value) => snapshot.id === value.toLowerCase(),
  "dbi-resource-id": (snapshot, value) => snapshot.instanceResourceId === value,
  "snapshot-type": (snapshot, value) => typeIn(value) === snapshot.type,
  engine: (_snapshot, value) => value === "postgres",
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
  const found = matching(asked, filters, SNAPSHOT_FILTERS);
  const { items, marker } = pageOf(found, (one) => one.id, input);
  return { DBSnapshots: items.map(snapshotView), ...(marker !== undefined && { Marker: marker }) };
}

/** @throws AwsError InvalidParameterValue */
function typeIn(value: string): string {
  if (TYPES.includes(value)) return value;
  throw invalidValue(`Invalid snapshot type: ${value}; allowed: ${TYPES.join(", ")}`);
}
