import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Instance } from "../instance.ts";
import { takeAutomatedSnapshot } from "../take-snapshot.ts";
import type { World } from "../world.ts";
import { archiveOf, openArchive, pruneArchive, ship } from "./archive.ts";
import { type AutomatedBackup, newBackupArn } from "./backup.ts";

/** RDS uploads logs every five minutes and backs up once a day. */
const SHIP_S = 300;
const SHIP_FLOOR_MS = 1000;
const DAY_S = 86_400;

/** Keeps an instance's automated backups from now on, in the background; nothing if it already does, or is not to. */
export function keepBackups(world: World, instance: Instance): void {
  const { account, automated, keepers } = world;
  const isWanted = instance.choices.backupRetentionDays > 0 && !instance.source;
  if (!(world.keepsBackups && isWanted) || automated.of(instance)) return;
  const { region, id, arn, resourceId, createdAt, contents, choices, host } = instance;
  const backup: AutomatedBackup = {
    region,
    arn: newBackupArn(account, region),
    instanceId: id,
    instanceArn: arn,
    instanceResourceId: resourceId,
    instanceCreatedAt: createdAt,
    port: host.options.port,
    contents,
    choices,
    archive: archiveOf(world.directory, region, resourceId),
    bases: [],
    isRetained: false,
  };
  automated.add(backup);
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, instance.gone.signal]);
  keepers.set(backup, { end, work: keep(world, instance, backup, signal) });
}

/** No more is kept. `retain` leaves what there is. */
export async function endBackups(
  world: World,
  backup: AutomatedBackup,
  { retain }: { readonly retain: boolean },
): Promise<void> {
  const keeper = world.keepers.get(backup);
  world.keepers.delete(backup);
  keeper?.end.abort();
  await keeper?.work;
  if (retain) backup.isRetained = true;
  else await dropBackups(world, backup);
}

/** Removes archive and automated snapshots. */
export async function dropBackups(world: World, backup: AutomatedBackup): Promise<void> {
  world.automated.remove(backup);
  for (const base of backup.bases) await dropBase(world, backup, base);
  await rm(dirname(backup.archive), { recursive: true, force: true });
}

/** Runs until it is ended; a server that does not answer is asked again a period later. */
async function keep(
  world: World,
  instance: Instance,
  backup: AutomatedBackup,
  signal: AbortSignal,
): Promise<void> {
  const { log, pace } = world;
  let isTold = false;
  await openArchive(backup.archive);
  while (!signal.aborted) {
    try {
      await keepOnce(world, instance, backup, signal);
      isTold = false;
    } catch (cause) {
      const detail = { instance: instance.id, error: (cause as Error).message };
      const at = { region: instance.region, service: "rds" };
      if (!(isTold || signal.aborted)) log.record({ ...at, operation: "BackupFailed", detail });
      isTold = true;
    }
    await wait(pace.ms(SHIP_S, SHIP_FLOOR_MS), undefined, { signal, ref: false }).catch(() => {});
  }
}

async function keepOnce(
  world: World,
  instance: Instance,
  backup: AutomatedBackup,
  signal: AbortSignal,
): Promise<void> {
  backup.choices = instance.choices;
  const day = world.pace.ms(DAY_S);
  const newest = backup.bases.at(-1);
  if (!newest || Date.now() - newest.from.getTime() >= day) {
    const base = await world.baseTurn(() => takeAutomatedSnapshot(world, instance));
    backup.bases = [...backup.bases, base];
  }
  const reached = await ship(instance.host, backup.archive, signal);
  backup.latest = reached;
  await prune(world, backup, reached.getTime() - day * instance.choices.backupRetentionDays);
}

/** One base from before the retention stays: the window begins within it. */
async function prune(world: World, backup: AutomatedBackup, before: number): Promise<void> {
  const first = Math.max(
    backup.bases.findLastIndex(({ from }) => from.getTime() <= before),
    0,
  );
  const dropped = backup.bases.slice(0, first);
  if (dropped.length === 0) return;
  backup.bases = backup.bases.slice(first);
  for (const base of dropped) await dropBase(world, backup, base);
  await pruneArchive(backup.archive, backup.bases[0]?.segment ?? "");
}

async function dropBase(
  { snapshots }: World,
  { region }: AutomatedBackup,
  { file, snapshotId }: AutomatedBackup["bases"][number],
): Promise<void> {
  const snapshot = snapshots.in(region).find(({ id }) => id === snapshotId);
  snapshot?.gone.abort(new Error(`${snapshotId} was deleted while it was copied`));
  if (snapshot) snapshots.remove(snapshot);
  await rm(file, { force: true });
}
