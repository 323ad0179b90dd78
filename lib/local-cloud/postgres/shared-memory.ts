import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run-as.ts";

/**
 * Removes what a killed PostgreSQL leaves outside its data directory: the System V segment with which it locks
 * the directory, named in line 7 of postmaster.pid. Call it when all its processes are gone.
 */
export async function removeSharedMemory(directory: string): Promise<void> {
  const path = join(directory, "postmaster.pid");
  const lock = await readFile(path, "utf8").catch(() => undefined);
  const id = lock?.split("\n")[6]?.trim().split(/\s+/)[1];
  // Without ipcrm 56 bytes stay until the machine restarts: no reason to fail.
  if (id !== undefined) await run("ipcrm", ["-m", id]).catch(() => {});
  await rm(path, { force: true });
}
