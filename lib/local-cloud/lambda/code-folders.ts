import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { unzipSync } from "fflate";

export interface CodeFoldersOptions {
  /** Every zip gets a folder of its own below it. */
  readonly directory: string;
  readonly read: (bucket: string, key: string) => Promise<Uint8Array>;
}

/** Folders with what uploaded zips hold; keys in asset buckets say what is in them, so each is unpacked once. */
export class CodeFolders {
  readonly #options: CodeFoldersOptions;
  readonly #unpacked = new Map<string, Promise<string>>();

  constructor(options: CodeFoldersOptions) {
    this.#options = options;
  }

  /** Rejects for an object that is not there or is no zip. */
  folderOf(bucket: string, key: string): Promise<string> {
    const place = `${bucket}/${key}`;
    const before = this.#unpacked.get(place);
    if (before) return before;
    const unpacking = this.#unpack(bucket, key);
    this.#unpacked.set(place, unpacking);
    unpacking.catch(() => this.#unpacked.delete(place));
    return unpacking;
  }

  async #unpack(bucket: string, key: string): Promise<string> {
    const { directory, read } = this.#options;
    const name = createHash("sha256").update(`${bucket}/${key}`).digest("hex").slice(0, 16);
    const folder = join(directory, name);
    const files = Object.entries(unzipSync(await read(bucket, key)));
    await mkdir(folder, { recursive: true });
    for (const [path, content] of files.filter(([file]) => !file.endsWith("/"))) {
      const target = join(folder, path);
      if (relative(folder, target).startsWith("..")) {
        throw new Error(`s3://${bucket}/${key}: ${path} leads out of its folder`);
      }
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
    return folder;
  }
}
