import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateDirectory } from "../../postgres/run-as.ts";

export const archiveOf = (directory: string, region: string, name: string) =>
  join(directory, "rds", region, "automated", name.toLowerCase(), "wal");

/** Makes the directory whose existence alone switches an instance's archiving on. */
export const openArchive = (directory: string) => makePrivateDirectory(directory);

/** Removes the logs that no recovery needs any more. */
export async function pruneArchive(
  directory: string,
  isNeeded: (name: string) => boolean,
): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith(".gz") && !isNeeded(name)) await rm(join(directory, name), { force: true });
  }
}
