import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import type { Tag } from "@aws-sdk/client-rds";
import { backup } from "../postgres/base-backup.ts";
import { LogMarks } from "../postgres/log-marks.ts";
import type { Base } from "./automated/backup.ts";
import { engineOf } from "./engines.ts";
import type { Category } from "./event-book.ts";
import type { Instance } from "./instance.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
import { invalidValue } from "./parameters.ts";
import type { Snapshot, SnapshotStatus } from "./snapshot-shelf.ts";
import type { World } from "./world.ts";

/**
 * Enters a manual snapshot in the books and starts to take it; given up when `until` is aborted.
 *
 * @throws AwsError if its name cannot be had
 */
export function takeSnapshot(
  world: World,
  instance: Instance,
  name: string | undefined,
  { tags = [], until }: { readonly tags?: readonly Tag[]; readonly until?: AbortSignal } = {},
): Snapshot {
  const { region } = instance;
  const id = checkedIdentifier("DBSnapshotIdentifier", name, 255);
  if (!engineOf(instance).isBackedUp) {
    throw invalidValue(`The local cloud takes no snapshots of ${instance.contents.engine}.`);
  }
  world.snapshots.checkFree(region, id);
  const inherited = instance.choices.copyTagsToSnapshot ? instance.tags : [];
  const snapshot = newSnapshot(world, instance, id, {
    type: "manual",
    tags: tags.length > 0 ? tags : inherited,
  });
  const make = async () => {
    world.mishaps.keys.check(region, instance.contents.kmsKey);
    await dumpMarked(instance, snapshot);
    await world.mishaps.snapshots.passed(region, until ?? snapshot.gone.signal);
  };
  work(world, snapshot, make, MANUAL);
  return snapshot;
}

/** The base of automated backups, listed as a snapshot. @throws Error why it could not be taken */
export async function takeAutomatedSnapshot(world: World, instance: Instance): Promise<Base> {
  const { region, choices, tags } = instance;
  const [row] = await instance.host.query("select pg_walfile_name(pg_current_wal_lsn()) as file");
  const snapshot = newSnapshot(world, instance, freeName(world, instance), {
    type: "automated",
    tags: choices.copyTagsToSnapshot ? tags : [],
  });
  const make = async () => {
    await dump(instance, snapshot);
    // Logs reach back to where the whole of it has been read, not a moment further.
    snapshot.databaseTime = new Date();
  };
  work(world, snapshot, make, AUTOMATED);
  await snapshot.work;
  if (snapshot.failure) {
    world.snapshots.remove(snapshot);
    throw snapshot.failure;
  }
  const { id: snapshotId, file, databaseTime: from } = snapshot;
  world.log.record({ region, service: "rds", operation: "BackedUp", detail: { snapshotId } });
  return { snapshotId, file, from, segment: String(row?.["file"]) };
}

/** `rds:<instance>-<yyyy-mm-dd-hh-mm>`; where days are short, of the next minute that is free. */
function freeName({ snapshots }: World, { region, id }: Instance): string {
  const taken = new Set(snapshots.in(region).map((one) => one.id));
  for (let at = Date.now(); ; at += 60_000) {
    const minute = new Date(at).toISOString().slice(0, 16).replace(/[T:]/g, "-");
    const name = `rds:${id}-${minute}`;
    if (!taken.has(name)) return name;
  }
}

function newSnapshot(
  world: World,
  instance: Instance,
  id: string,
  { type, tags }: Pick<Snapshot, "type" | "tags">,
): Snapshot {
  const { region, contents, choices, host } = instance;
  const now = new Date();
  const snapshot: Snapshot = {
    region,
    id,
    arn: arnOf(world.account, region, "snapshot", id),
    type,
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
    tags,
    gone: new AbortController(),
    work: Promise.resolve(),
  };
  world.snapshots.add(snapshot);
  return snapshot;
}

/** Its time is one of which all is in it: how long a busy machine compresses has nothing to do with it. */
async function dumpMarked(instance: Instance, snapshot: Snapshot): Promise<void> {
  const marks = await LogMarks.begin(instance.host.postgres.connection);
  try {
    const position = await dump(instance, snapshot);
    snapshot.databaseTime = (await marks.until(position)) ?? snapshot.createdAt;
  } finally {
    await marks.close();
  }
}

/** Resolves to the position in the log at which it ends. */
async function dump({ host, id }: Instance, snapshot: Snapshot): Promise<string> {
  const { file } = snapshot;
  await mkdir(dirname(file), { recursive: true });
  const tar = new PassThrough();
  const zip = createGzip({ level: constants.Z_BEST_SPEED });
  const [position] = await Promise.all([
    backup({ connection: host.postgres.connection, label: id, wal: true }, tar),
    pipeline(tar, zip, createWriteStream(file)),
  ]);
  return position;
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

const AUTOMATED: Story = {
  category: "creation",
  begun: "Creating automated snapshot",
  done: "Automated snapshot created",
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
