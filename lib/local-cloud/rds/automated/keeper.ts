import { setTimeout as wait } from "node:timers/promises";
import { engineOf } from "../engines.ts";
import type { Instance } from "../instance.ts";
import { takeAutomatedSnapshot } from "../take-snapshot.ts";
import type { World } from "../world.ts";
import { archiveOf, openArchive } from "./archive.ts";
import { type AutomatedBackup, newBackupArn } from "./backup.ts";
import { dayMs, dropBackups, prune } from "./prune.ts";
import { shipAway } from "./ship-away.ts";

/** RDS uploads logs every five minutes. */
const SHIP_S = 300;
const SHIP_FLOOR_MS = 1000;

/** Keeps an instance's automated backups from now on, in the background; nothing if it already does, or is not to. */
export function keepBackups(world: World, instance: Instance): void {
  const { account, automated, keepers } = world;
  const { backupRetentionDays } = instance.choices;
  const isWanted = backupRetentionDays > 0 && !instance.source;
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
    tags: [],
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
  // Copies elsewhere stay as far as they came.
  for (const copy of world.automated.copiesOf(backup)) copy.isRetained = true;
  if (retain) backup.isRetained = true;
  else await dropBackups(world, backup);
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
    await shipAway(world, backup);
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
  const newest = backup.bases.at(-1);
  if (!newest || Date.now() - newest.from.getTime() >= dayMs(world)) {
    const base = await world.baseTurn(() => takeAutomatedSnapshot(world, instance));
    backup.bases = [...backup.bases, base];
  }
  backup.latest = await engineOf(instance).keeping.ship(instance.host, backup.archive, signal);
  await prune(world, backup);
}
