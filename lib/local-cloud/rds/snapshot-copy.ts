import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { CopyDBSnapshotMessage, CopyDBSnapshotResult } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
import { invalidValue, refuseUnknown } from "./parameters.ts";
import { type Snapshot, snapshotMustBe } from "./snapshot-shelf.ts";
import { snapshotView } from "./snapshot-view.ts";
import { checkedTags } from "./tag-rules.ts";
import { type Story, setSnapshotStatus, snapshotFile, work } from "./take-snapshot.ts";
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
  snapshotMustBe(source, "available");
  const id = checkedIdentifier("TargetDBSnapshotIdentifier", input.TargetDBSnapshotIdentifier, 255);
  const isAway = source.region !== region;
  const kmsKey = checkedKey(world, source, region, input.KmsKeyId);
  snapshots.checkFree(region, id);
  if (isAway) snapshots.checkCopies(region);
  const copy: Snapshot = {
    ...source,
    region,
    id,
    arn: arnOf(world.account, region, "snapshot", id),
    type: "manual",
    contents: { ...source.contents, ...(kmsKey !== undefined && { kmsKey, encrypted: true }) },
    createdAt: new Date(),
    copiedFrom: { region: source.region, arn: source.arn },
    file: snapshotFile(world, region, id),
    status: isAway ? "pending" : "creating",
    progress: 0,
    tags: checkedTags(id, input.Tags ?? (input.CopyTags ? source.tags : [])),
    gone: new AbortController(),
  };
  snapshots.add(copy);
  work(world, copy, () => transfer(world, source, copy), storyOf(source, isAway));
  return { DBSnapshot: snapshotView(copy) };
}

/** @throws AwsError KMSKeyNotAccessibleFault, InvalidParameterValue, in RDS's words */
function checkedKey(world: World, source: Snapshot, region: string, wanted?: string) {
  const { keys } = world.mishaps;
  const kmsKey = wanted ?? (source.region === region ? source.contents.kmsKey : undefined);
  if (source.contents.encrypted && source.region !== region && kmsKey === undefined) {
    throw invalidValue("Must specify new KMS key for cross region encrypted snapshot copy.");
  }
  keys.check(region, kmsKey);
  keys.check(source.region, source.contents.kmsKey);
  return kmsKey;
}

const storyOf = ({ id, region }: Snapshot, isAway: boolean): Story =>
  isAway
    ? {
        category: "notification",
        begun: `Started to copy snapshot ${id} from region ${region}`,
        done: `Finished copy of snapshot ${id} from region ${region}`,
      }
    : {
        category: "notification",
        begun: `Started copy of snapshot ${id} in region ${region}`,
        done: `Finished copy of snapshot ${id} in region ${region}`,
      };

/** By instance, the last in its line of copies: RDS makes one after the other. */
const lines = new WeakMap<World, Map<string, Snapshot>>();

async function transfer(world: World, source: Snapshot, copy: Snapshot): Promise<void> {
  await world.mishaps.copies.passed(copy.region, source.gone.signal);
  const line = lines.get(world) ?? new Map<string, Snapshot>();
  lines.set(world, line);
  const before = line.get(source.instanceResourceId);
  line.set(source.instanceResourceId, copy);
  await before?.work;
  source.gone.signal.throwIfAborted();
  if (source.region !== copy.region) setSnapshotStatus(world, copy, "copying");
  await step();
  copy.progress = 50;
  checkWay(world, source, copy);
  world.mishaps.checkCopy(copy.region);
  source.gone.signal.throwIfAborted();
  await mkdir(dirname(copy.file), { recursive: true });
  await copyFile(source.file, copy.file);
  source.gone.signal.throwIfAborted();
  checkWay(world, source, copy);
}

/** @throws Error if either region is cut off */
function checkWay({ cutRegions }: World, source: Snapshot, copy: Snapshot): void {
  const lost = [source.region, copy.region].find((region) => cutRegions.has(region));
  if (lost === undefined || source.region === copy.region) return;
  throw new Error(`copy of ${source.arn} to ${copy.region}: ${lost} does not answer`);
}
