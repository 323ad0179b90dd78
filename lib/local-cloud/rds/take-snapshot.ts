import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import type { Tag } from "@aws-sdk/client-rds";
import { backup } from "../postgres/base-backup.ts";
import type { Instance } from "./instance.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
import type { Snapshot } from "./snapshot-shelf.ts";
import type { World } from "./world.ts";

/** Enters a snapshot in the books and starts to take it. @throws AwsError if its name cannot be had */
export function takeSnapshot(
  world: World,
  instance: Instance,
  name: string | undefined,
  tags: readonly Tag[],
): Snapshot {
  const { region, contents, choices, host } = instance;
  const id = checkedIdentifier("DBSnapshotIdentifier", name, 255);
  world.snapshots.checkFree(region, id);
  const now = new Date();
  const inherited = choices.copyTagsToSnapshot ? instance.tags : [];
  const snapshot: Snapshot = {
    region,
    id,
    arn: arnOf(world.account, region, "snapshot", id),
    instanceId: instance.id,
    instanceResourceId: instance.resourceId,
    instanceCreatedAt: instance.createdAt,
    contents,
    choices,
    port: host.options.port,
    createdAt: now,
    originallyCreatedAt: now,
    databaseTime: now,
    file: snapshotFile(world, region, id),
    status: "creating",
    tags: tags.length > 0 ? tags : inherited,
    work: Promise.resolve(),
  };
  world.snapshots.add(snapshot);
  world.events.add(snapshot, "creation", "Creating manual snapshot");
  work(world, snapshot, () => dump(instance, snapshot.file));
  return snapshot;
}

async function dump({ host, id }: Instance, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const tar = new PassThrough();
  const zip = createGzip({ level: constants.Z_BEST_SPEED });
  await Promise.all([
    backup({ connection: host.server.connection, label: id, wal: true }, tar),
    pipeline(tar, zip, createWriteStream(file)),
  ]);
}

/** Runs what makes a snapshot; it ends `available` or `failed`. */
export function work(world: World, snapshot: Snapshot, make: () => Promise<void>): void {
  const { region, id } = snapshot;
  const tell = (from: string, to: string, error?: string) => {
    const detail = { snapshot: id, from, to, ...(error !== undefined && { error }) };
    world.log.record({ region, service: "rds", operation: "StatusChanged", detail });
  };
  snapshot.work = make().then(
    () => {
      snapshot.status = "available";
      world.events.add(snapshot, "creation", "Manual snapshot created");
      tell("creating", "available");
    },
    (cause: Error) => {
      snapshot.status = "failed";
      snapshot.failure = cause;
      tell("creating", "failed", cause.message);
    },
  );
}

export const snapshotFile = ({ directory }: World, region: string, id: string) =>
  join(directory, "rds", region, "snapshots", `${id}.tar.gz`);
