import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../functions/kernel/clock.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { UserError } from "../cli/user-error.ts";
import { filePath, isPlainKey } from "../sla/backups/file-path.ts";
import {
  type ArchivePage,
  baseOf,
  type ListedFile,
  listAt,
  pageAt,
  readPage,
} from "./archive-page.ts";
import { fetchOne, NotFetched, type Web } from "./fetch-one.ts";
import { type FetchProgress, type FetchReport, type Item, Tally } from "./fetch-tally.ts";
import { makeDirectory } from "./make-directory.ts";
import { type Sums, sumsIn } from "./sums.ts";

export interface FetchPorts {
  readonly web: Web;
  readonly clock: Pick<Clock, "now">;
  readonly tell: (progress: FetchProgress) => void;
}

/** Lambda answers five at once, for everybody. */
const LANES = 3;

/**
 * Brings what a link leads to into a directory: the dump, the files that belong to it below `files/`, `archive.json`, the manifest `files.json`,
 * and `SHA256SUMS` of what was proven. Goes on where an earlier run has stopped. Throws UserError: no link, a directory with something else, nothing that answers.
 */
export async function fetchArchive(
  link: string,
  directory: string,
  ports: FetchPorts,
): Promise<FetchReport> {
  const base = baseOf(link);
  const [text, page] = await pageAt(base, ports.web);
  await begin(directory, text, page);
  const files = page.files ? await bringList(base, directory, page, ports.web) : [];
  const sums = await sumsIn(directory);
  try {
    return await bringAll({ base, directory, page, files, sums }, ports);
  } finally {
    await sums.close();
  }
}

/** What lies there is of an earlier run for the same dump, or nothing is. */
async function begin(directory: string, text: string, page: ArchivePage): Promise<void> {
  const found = await made(directory).catch((cause: Error) => {
    throw new UserError(`--to: '${directory}': ${cause.message}`);
  });
  const file = join(directory, "archive.json");
  if (found.length > 0) {
    const before = await readFile(file, "utf8").catch(() => "");
    if (readPage(before)?.dump.sha256 !== page.dump.sha256) {
      throw new UserError(
        `--to: '${directory}' has something else in it: expected an empty directory, or one with an earlier part of ${page.backup}`,
      );
    }
  }
  await writeFile(file, text);
}

async function made(directory: string): Promise<readonly string[]> {
  makeDirectory(directory);
  return readdir(directory);
}

async function bringList(base: string, directory: string, page: ArchivePage, web: Web) {
  const [text, files] = await listAt(base, page, web);
  await writeFile(join(directory, "files.json"), text);
  // The folder itself, as some tools make it, is no file.
  return files.filter(({ key, size }) => size > 0 || !key.endsWith("/"));
}

interface Bringing {
  readonly base: string;
  readonly directory: string;
  readonly page: ArchivePage;
  readonly files: readonly ListedFile[];
  readonly sums: Sums;
}

async function bringAll(bringing: Bringing, { web, clock, tell }: FetchPorts) {
  const { page, files } = bringing;
  const items = [dumpIn(bringing), ...files.flatMap((file) => itemOf(bringing, file))];
  const tally = new Tally(items, clock, tell);
  for (const { key } of files) {
    if (!isPlainKey(key)) tally.lacks(JSON.stringify(key), NO_PATH);
  }
  await inLanes(LANES, items, async (item) => {
    try {
      tally.arrived(item, await bring(item, bringing.sums, web));
    } catch (cause) {
      if (!(cause instanceof NotFetched)) throw cause;
      tally.lacks(item.name, cause.message);
    }
  });
  return tally.report(page);
}

const NO_PATH = "its name is no path on a disk; the provider copies it by sla restore-files";

function dumpIn({ base, directory, page: { dump } }: Bringing): Item {
  const { path: name, bytes, sha256 } = dump;
  return { name, url: `${base}${name}`, path: join(directory, name), bytes, sha256 };
}

function itemOf({ base, directory }: Bringing, file: ListedFile): readonly Item[] {
  const { key, size: bytes } = file;
  if (!isPlainKey(key)) return [];
  const name = `files/${key}`;
  return [{ name, url: `${base}files/${filePath(file)}`, path: join(directory, name), bytes }];
}

async function bring(item: Item, sums: Sums, web: Web) {
  const { name, path, bytes, sha256 } = item;
  const before = sums.known.get(name);
  const isThere = before !== undefined && (sha256 === undefined || before === sha256);
  if (isThere && (await stat(path).catch(() => undefined))?.size === bytes) return "before";
  const fetched = await fetchOne(item, web);
  await sums.add(name, fetched.sha256);
  return fetched.proof;
}
