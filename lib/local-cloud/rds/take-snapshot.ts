import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import type { Tag } from "@aws-sdk/client-rds";
import { backup } from "../postgres/base-backup.ts";
import type { Category } from "./event-book.ts";
import type { Instance } from "./instance.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
import type { Snapshot, SnapshotStatus } from "./snapshot-shelf.ts";
import type { World } from "./world.ts";

/**
 * Enters a snapshot in the books and starts to take it; given up when `until` is aborted.
 *
 * @throws AwsError if its name cannot be had
 */
export function takeSnapshot(
  world: World,
  instance: Instance,
  name: string | undefined,
  { tags = [], until }: { readonly tags?: readonly Tag[]; readonly until?: AbortSignal } = {},
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
    instanceArn: instance.arn,
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
    progress: 0,
    tags: tags.length > 0 ? tags : inherited,
    gone: new AbortController(),
    work: Promise.resolve(),
  };
  world.snapshots.add(snapshot);
  work(
    world,
    snapshot,
    async () => {
      world.mishaps.keys.check(region, contents.kmsKey);
      await dump(instance, snapshot.file);
      snapshot.databaseTime = new Date();
      await world.mishaps.snapshots.passed(region, until ?? snapshot.gone.signal);
    },
    MANUAL,
  );
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

/** What the events tell of the making of a snapshot. */
export interface Story {
  readonly category: Category;
  readonly begun: string;
  readonly done: string;
}

const MANUAL: Story = {
  category: "creation",
  begun: "Creating manual snapshot",
  done: "Manual snapshot created",
};

/** Runs what makes a snapshot; it ends `available` or `failed`. */
export function work(
  world: World,
  snapshot: Snapshot,
  make: () => Promise<void>,
  { category, begun, done }: Story,
): void {
  world.events.add(snapshot, category, begun);
  snapshot.work = make().then(
    () => {
      snapshot.progress = 100;
      world.events.add(snapshot, category, done);
      setSnapshotStatus(world, snapshot, "available");
    },
    (cause: Error) => {
      snapshot.failure = cause;
      setSnapshotStatus(world, snapshot, "failed");
    },
  );
}

export function setSnapshotStatus({ log }: World, snapshot: Snapshot, to: SnapshotStatus): void {
  const { region, id, status: from, failure } = snapshot;
  snapshot.status = to;
  const error = to === "failed" && failure ? { error: failure.message } : {};
  const detail = { snapshot: id, from, to, ...error };
  log.record({ region, service: "rds", operation: "StatusChanged", detail });
}

export const snapshotFile = ({ directory }: World, region: string, id: string) =>
  join(directory, "rds", region, "snapshots", `${id}.tar.gz`);
