import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { engineOf } from "../engines.ts";
import type { World } from "../world.ts";
import { pruneArchive } from "./archive.ts";
import type { AutomatedBackup, Base } from "./backup.ts";

/** RDS backs up once a day. */
const DAY_S = 86_400;
export const dayMs = ({ pace }: World) => pace.ms(DAY_S);

/** Removes what is older than the retention; one base from before it stays, so that the window begins within it. */
export async function prune(world: World, backup: AutomatedBackup): Promise<void> {
  const before =
    (backup.latest?.getTime() ?? 0) - dayMs(world) * backup.choices.backupRetentionDays;
  const first = Math.max(
    backup.bases.findLastIndex(({ from }) => from.getTime() <= before),
    0,
  );
  const dropped = backup.bases.slice(0, first);
  if (dropped.length === 0) return;
  backup.bases = backup.bases.slice(first);
  for (const base of dropped) await dropBase(world, backup, base);
  const [oldest] = backup.bases;
  const { isNeeded } = engineOf(backup).keeping;
  await pruneArchive(backup.archive, (name) => isNeeded(name, oldest?.firstLog ?? ""));
}

/** Removes archive and automated snapshots. */
export async function dropBackups(world: World, backup: AutomatedBackup): Promise<void> {
  world.automated.remove(backup);
  for (const base of backup.bases) await dropBase(world, backup, base);
  await rm(dirname(backup.archive), { recursive: true, force: true });
}

async function dropBase(
  { snapshots }: World,
  { region }: AutomatedBackup,
  { file, snapshotId }: Base,
): Promise<void> {
  const snapshot = snapshots.in(region).find(({ id }) => id === snapshotId);
  snapshot?.gone.abort(new Error(`${snapshotId} was deleted while it was copied`));
  if (snapshot) snapshots.remove(snapshot);
  await rm(file, { force: true });
}
