import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { CopyDBSnapshotMessage, CopyDBSnapshotResult } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
import { invalidCombination, refuseUnknown } from "./parameters.ts";
import { mustBeAvailable, type Snapshot } from "./snapshot-shelf.ts";
import { snapshotView } from "./snapshot-view.ts";
import { snapshotFile, work } from "./take-snapshot.ts";
import { step, type World } from "./world.ts";

const KNOWN = [
  "SourceDBSnapshotIdentifier",
  "TargetDBSnapshotIdentifier",
  "KmsKeyId",
  "CopyTags",
  "Tags",
  "PreSignedUrl",
  "SourceRegion",
  "DestinationRegion",
];

/** CopyDBSnapshot, called in the region of the copy; the source is an ARN if it is elsewhere. */
export async function copySnapshot(
  world: World,
  input: CopyDBSnapshotMessage,
  { region }: CallContext,
): Promise<CopyDBSnapshotResult> {
  refuseUnknown("CopyDBSnapshot", input, KNOWN);
  const { snapshots } = world;
  const source = snapshots.get(region, input.SourceDBSnapshotIdentifier);
  mustBeAvailable(source);
  const id = checkedIdentifier("TargetDBSnapshotIdentifier", input.TargetDBSnapshotIdentifier, 255);
  snapshots.checkFree(region, id);
  const { KmsKeyId: kmsKey = source.region === region ? source.contents.kmsKey : undefined } =
    input;
  if (source.contents.encrypted && kmsKey === undefined) {
    throw invalidCombination(`${source.id} is encrypted: KmsKeyId must name a key of ${region}.`);
  }
  const copy: Snapshot = {
    ...source,
    region,
    id,
    arn: arnOf(world.account, region, "snapshot", id),
    contents: { ...source.contents, ...(kmsKey !== undefined && { kmsKey, encrypted: true }) },
    createdAt: new Date(),
    copiedFrom: source.arn,
    file: snapshotFile(world, region, id),
    status: "creating",
    tags: input.Tags ?? (input.CopyTags ? source.tags : []),
  };
  snapshots.add(copy);
  work(world, copy, () => transfer(world, source, copy));
  return { DBSnapshot: snapshotView(copy) };
}

async function transfer({ cutRegions }: World, source: Snapshot, copy: Snapshot): Promise<void> {
  await step();
  const lost = [source.region, copy.region].find((region) => cutRegions.has(region));
  if (lost !== undefined && source.region !== copy.region) {
    throw new Error(`copy of ${source.arn} to ${copy.region}: ${lost} does not answer`);
  }
  await mkdir(dirname(copy.file), { recursive: true });
  await copyFile(source.file, copy.file);
}
