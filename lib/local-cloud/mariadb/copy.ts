import { createReadStream, createWriteStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { type Pack, pack } from "tar-stream";
import { run } from "../postgres/run-as.ts";

/** Of the machine, not of the data; and whom a replica follows: what is restored follows nobody. */
const LEFT_BEHIND =
  /^(s\.sock|server\.(pid|crt|key)|ibtmp1|relaylog\..*|relay-log\.info|master\.info)$/;

/** Copies a data directory whose server is still, as fast as the machine can: it stands for as long. */
export async function copyDataDirectory(directory: string, target: string): Promise<void> {
  await run("cp", ["-R", "-p", `${directory}/.`, target]);
}

/** Writes such a copy as a compressed tar. */
export async function packInto(file: string, directory: string): Promise<void> {
  const tar = pack();
  await Promise.all([
    fillTar(tar, directory).catch((cause: Error) => tar.destroy(cause)),
    pipeline(
      tar as unknown as NodeJS.ReadableStream,
      createGzip({ level: constants.Z_BEST_SPEED }),
      createWriteStream(file),
    ),
  ]);
}

async function fillTar(tar: Pack, directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(directory.length + 1);
    if (entry.isDirectory()) tar.entry({ name, type: "directory" });
    if (!entry.isFile() || LEFT_BEHIND.test(entry.name)) continue;
    const { size } = await stat(path);
    await pipeline(createReadStream(path), tar.entry({ name, size }) as NodeJS.WritableStream);
  }
  tar.finalize();
}
