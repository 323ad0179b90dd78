import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Tag } from "@aws-sdk/client-rds";
import type { Base } from "./automated/backup.ts";
import { engineOf } from "./engines.ts";
import type { Category } from "./event-book.ts";
import type { Instance } from "./instance.ts";
import type { Copied } from "./keeping.ts";
import { arnOf, checkedIdentifier } from "./names.ts";
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
  world.snapshots.checkFree(region, id);
  const inherited = instance.choices.copyTagsToSnapshot ? instance.tags : [];
  const snapshot = newSnapshot(world, instance, id, {
    type: "manual",
    tags: tags.length > 0 ? tags : inherited,
  });
  const make = async () => {
    world.mishaps.keys.check(region, instance.contents.kmsKey);
    const { holds } = await copied(instance, snapshot);
    snapshot.databaseTime = holds ?? snapshot.createdAt;
    await world.mishaps.snapshots.passed(region, until ?? snapshot.gone.signal);
  };
  work(world, snapshot, make, MANUAL);
  return snapshot;
}

/** The base of automated backups, listed as a snapshot. @throws Error why it could not be taken */
export async function takeAutomatedSnapshot(world: World, instance: Instance): Promise<Base> {
  const { region, choices, tags } = instance;
  const firstLog = await engineOf(instance).keeping.firstLog(instance.host);
  const snapshot = newSnapshot(world, instance, freeName(world, instance), {
    type: "automated",
    tags: choices.copyTagsToSnapshot ? tags : [],
  });
  const make = async () => {
    const { from } = await copied(instance, snapshot);
    snapshot.databaseTime = from;
  };
  work(world, snapshot, make, AUTOMATED);
  await snapshot.work;
  if (snapshot.failure) {
    world.snapshots.remove(snapshot);
    throw snapshot.failure;
  }
  const { id: snapshotId, file, databaseTime: from } = snapshot;
  world.log.record({ region, service: "rds", operation: "BackedUp", detail: { snapshotId } });
  return { snapshotId, file, from, firstLog };
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

async function copied(instance: Instance, { file }: Snapshot): Promise<Copied> {
  await mkdir(dirname(file), { recursive: true });
  return engineOf(instance).keeping.copy(instance, file);
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
