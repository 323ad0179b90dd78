import { randomBytes } from "node:crypto";
import { access, lstat, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../process-tree.ts";
import { makeReachableDirectory } from "./directories.ts";
import { runAs } from "./run-as.ts";

const userId = process.getuid?.() ?? 0;

/** What is made once a machine and user: a readable copy of the binaries, an initialized database. */
async function cacheDirectory(): Promise<string> {
  const path = join(tmpdir(), `hosting-sla-${userId}`);
  await makeReachableDirectory(path, runAs);
  const found = await lstat(path);
  // The temporary directory is everybody's: what another user put there is not ours to run.
  if (!found.isDirectory() || found.uid !== userId) {
    throw new Error(`cache: ${path} belongs to another user: remove it or set TMPDIR`);
  }
  return path;
}

export interface Cached {
  readonly name: string;
  /** Files without which it is worthless: cleaners of temporary directories remove old files, not all. */
  readonly proof: readonly string[];
  readonly make: (directory: string) => Promise<void>;
}

/**
 * Returns `<cache>/<name>`, made in a directory beside it and moved into place when complete, so that an interrupted
 * or simultaneous run never sees half of it.
 */
export async function cached({ name, proof, make }: Cached): Promise<string> {
  const cache = await cacheDirectory();
  const path = join(cache, name);
  const isComplete = () => allExist(proof.map((file) => join(path, file)));
  if (await isComplete()) return path;
  await removeAbandoned(cache);
  const beside = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
  await makeReachableDirectory(beside, runAs);
  try {
    await make(beside);
    if (!(await isComplete())) await rm(path, { recursive: true, force: true });
    await rename(beside, path);
  } catch (cause) {
    // Somebody else was faster: theirs is as good.
    if (!(await isComplete())) throw cause;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return path;
}

/** What runs that were killed while making it have left. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /\.(\d+)\.[0-9a-f]{12}$/.exec(name)?.[1];
    const isAbandoned = pid !== undefined && !isAlive(Number(pid));
    if (isAbandoned) await rm(join(cache, name), { recursive: true, force: true });
  }
}

const allExist = (paths: readonly string[]) =>
  Promise.all(paths.map((path) => access(path))).then(
    () => true,
    () => false,
  );
