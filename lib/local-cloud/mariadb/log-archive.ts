import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createGzip } from "node:zlib";
import { giveAway } from "../postgres/run-as.ts";

const LOG = /^mysql-bin-changelog\.\d+$/;

/** Whether it is a file of the binary log as an archive keeps it. */
export const isLog = (name: string) => name.endsWith(".gz") && LOG.test(name.slice(0, -3));

/** Archives all files of a binary log before the one that is written now. */
export async function archiveLogs(
  directory: string,
  archive: string,
  current: string,
  signal: AbortSignal,
): Promise<void> {
  const there = new Set(await readdir(archive));
  const complete = (await readdir(directory)).filter((name) => LOG.test(name) && name < current);
  for (const name of complete.toSorted()) {
    const target = join(archive, `${name}.gz`);
    if (there.has(`${name}.gz`)) continue;
    signal.throwIfAborted();
    const zip = createGzip({ level: constants.Z_BEST_SPEED });
    await pipeline(
      createReadStream(join(directory, name)),
      zip,
      createWriteStream(`${target}.part`),
    );
    await rename(`${target}.part`, target);
  }
}

/** Unpacks what an archive holds, and answers the files in their order. */
export async function unpackLogs(archive: string, directory: string): Promise<readonly string[]> {
  const names = (await readdir(archive)).filter(isLog).toSorted();
  const files: string[] = [];
  for (const name of names) {
    const file = join(directory, name.slice(0, -3));
    const from = createReadStream(join(archive, name));
    await pipeline(from, createGunzip(), createWriteStream(file, { mode: 0o600 }));
    await giveAway(file);
    files.push(file);
  }
  return files;
}
