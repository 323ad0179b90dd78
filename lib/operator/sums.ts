import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Of a directory; `sha256sum -c` reads it. */
const SUMS = "SHA256SUMS";

/** What has arrived in a directory and was proven, by the path below it. */
export interface Sums {
  readonly known: ReadonlyMap<string, string>;
  /** On disk once it resolves. */
  add(path: string, sha256: string): Promise<void>;
  close(): Promise<void>;
}

/** Goes on with what an earlier run has written; a line that was cut is left out. */
export async function sumsIn(directory: string): Promise<Sums> {
  const file = join(directory, SUMS);
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").flatMap((line) => {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    return sha256 !== undefined && path !== undefined ? [[path, sha256] as const] : [];
  });
  const whole = text.endsWith("\n") ? lines : lines.slice(0, -1);
  const known = new Map(whole);
  await writeFile(file, [...known].map(([path, sha256]) => lineOf(path, sha256)).join(""));
  const handle = await open(file, "a");
  return {
    known,
    async add(path, sha256) {
      known.set(path, sha256);
      await handle.appendFile(lineOf(path, sha256));
    },
    close: () => handle.close(),
  };
}

const lineOf = (path: string, sha256: string) => `${sha256}  ${path}\n`;
