import { readFile, rename, writeFile } from "node:fs/promises";
import { normalize } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

/** Changes the bytes of a file of a relation. */
export type Damage = (pages: Buffer) => void;

const PAGE = 8192;
/** In a page's header: where its line pointers begin and end (PostgreSQL manual, 73.6). */
const HEADER = 24;
const LOWER = 12;
const POINTER = 4;

/** Empties the second half of a table: PostgreSQL takes pages of zeros for new ones, only a count tells. */
export function loseRows(pages: Buffer): void {
  const count = pages.length / PAGE;
  pages.fill(0, Math.floor(count / 2) * PAGE);
}

/** Exchanges two neighbours in a leaf of a B-tree: lookups miss what is there, only amcheck tells. */
export function disorder(pages: Buffer): void {
  const leaf = pages.subarray(PAGE, 2 * PAGE);
  const items = leaf.length === 0 ? 0 : (leaf.readUInt16LE(LOWER) - HEADER) / POINTER;
  // The first may be the leaf's upper bound, which is no item.
  if (items < 3) throw new Error(`an index of ${items} items has no order to disturb`);
  const [second, third] = [HEADER + POINTER, HEADER + 2 * POINTER];
  const before = leaf.readUInt32LE(second);
  leaf.writeUInt32LE(leaf.readUInt32LE(third), second);
  leaf.writeUInt32LE(before, third);
}

/** Of InnoDB: page size, and the first page of a table's own file that can hold rows. */
const INNODB = { page: 16_384, rows: 3 } as const;

/** Overwrites a part of every page of a table of InnoDB: checksums tell. */
export function scramble(pages: Buffer): void {
  const { page, rows } = INNODB;
  for (let at = rows * page; at < pages.length; at += page) pages.fill(0x5a, at + 200, at + 400);
}

/** Rewrites one file of a compressed copy. @throws Error if it is not in it */
export async function damageFile(archive: string, path: string, damage: Damage): Promise<void> {
  const tar = await unzip(await readFile(archive));
  const content = contentOf(tar, path);
  if (!content) throw new Error(`${path} is not in ${archive}`);
  damage(content);
  const beside = `${archive}.damaged`;
  await writeFile(beside, await zip(tar, { level: constants.Z_BEST_SPEED }));
  await rename(beside, archive);
}

const BLOCK = 512;

/** The bytes of a file within a tar (POSIX.1, ustar): a block of name and size, then the content. */
function contentOf(tar: Buffer, path: string): Buffer | undefined {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = textAt(tar, at, 100);
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8) || 0;
    const from = at + BLOCK;
    if (name !== "" && normalize(name) === path) return tar.subarray(from, from + size);
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

const textAt = (tar: Buffer, from: number, length: number): string =>
  tar.toString("latin1", from, from + length).replace(/\0.*$/s, "");
