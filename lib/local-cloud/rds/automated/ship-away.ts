import { copyFile, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { engineOf } from "../engines.ts";
import type { World } from "../world.ts";
import { openArchive } from "./archive.ts";
import type { AutomatedBackup, Base } from "./backup.ts";
import { prune } from "./prune.ts";

/** Brings every copy in another region up to where its original is, as far as both answer. */
export async function shipAway(world: World, original: AutomatedBackup): Promise<void> {
  for (const copy of world.automated.copiesOf(original)) {
    await ship(world, original, copy).catch((cause: Error) => {
      if (copy.trouble === cause.message) return;
      copy.trouble = cause.message;
      const detail = { instance: copy.instanceId, error: cause.message };
      const at = { region: copy.region, service: "rds" };
      world.log.record({ ...at, operation: "ReplicationOfBackupsFailed", detail });
    });
  }
}

async function ship(world: World, original: AutomatedBackup, copy: AutomatedBackup): Promise<void> {
  const { latest } = original;
  checkWay(world, original, copy);
  await openArchive(copy.archive);
  // All it needs to reach `latest` is in the archive before `latest` says so.
  const bases = await shipBases(world, original, copy);
  const [first] = bases;
  if (!(first && latest)) return;
  const { isNeeded } = engineOf(original).keeping;
  const there = new Set(await readdir(copy.archive));
  for (const name of await readdir(original.archive)) {
    if (there.has(name) || !isNeeded(name, first.firstLog)) continue;
    await copyFile(join(original.archive, name), join(copy.archive, name));
    checkWay(world, original, copy);
  }
  copy.bases = bases;
  copy.latest = latest;
  delete copy.trouble;
  await prune(world, copy);
}

/** The newest base at the beginning, later each one that is new. */
async function shipBases(
  world: World,
  original: AutomatedBackup,
  copy: AutomatedBackup,
): Promise<readonly Base[]> {
  const since = copy.bases.at(-1)?.from ?? new Date(0);
  const fresh = original.bases.filter(({ from }) => from > since);
  const wanted = copy.bases.length === 0 ? fresh.slice(-1) : fresh;
  const shipped: Base[] = [];
  for (const { file, from, firstLog } of wanted) {
    const target = join(dirname(copy.archive), basename(file));
    await copyFile(file, target);
    checkWay(world, original, copy);
    shipped.push({ file: target, from, firstLog });
  }
  return [...copy.bases, ...shipped];
}

/** @throws Error if a region is cut off, AwsError if the copy's key cannot be used */
function checkWay(world: World, original: AutomatedBackup, copy: AutomatedBackup): void {
  const lost = [original.region, copy.region].find((region) => world.cutRegions.has(region));
  if (lost !== undefined) throw new Error(`${lost} does not answer`);
  world.mishaps.keys.check(copy.region, copy.contents.kmsKey);
}
