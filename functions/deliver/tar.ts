/** A file on its way into an archive. */
export interface Archived {
  /** Path in it, with slashes. */
  readonly name: string;
  readonly size: number;
}

const BLOCK = 512;
/** Of ustar; longer names, other letters and larger files have a header of their own before theirs. */
const SHORTEST_NAME = /^[\x20-\x7e]{1,100}$/;
const LARGEST_PLAIN = 0o77_777_777_777;

const padded = (bytes: number) => Math.ceil(bytes / BLOCK) * BLOCK;

/** Bytes of the whole archive, known before any file is read. */
export const tarBytes = (files: readonly Archived[]): number =>
  files.reduce((sum, file) => sum + headersOf(file).length + padded(file.size), 2 * BLOCK);

/**
 * A POSIX archive (pax), https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, of what `open` reads; nothing of it
 * is held. Rejects with RangeError where a file is not as long as it was said to be.
 */
export async function* tarOf<T extends Archived>(
  files: readonly T[],
  open: (file: T, index: number) => Promise<AsyncIterable<Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  for (const [index, file] of files.entries()) {
    yield headersOf(file);
    let read = 0;
    for await (const chunk of await open(file, index)) {
      read += chunk.length;
      yield chunk;
    }
    if (read !== file.size) {
      throw new RangeError(`${file.name} has ${read} bytes, expected ${file.size}`);
    }
    const rest = padded(file.size) - file.size;
    if (rest > 0) yield new Uint8Array(rest);
  }
  yield new Uint8Array(2 * BLOCK);
}

function headersOf({ name, size }: Archived): Uint8Array {
  const records = [
    ...(SHORTEST_NAME.test(name) ? [] : [record("path", name)]),
    ...(size <= LARGEST_PLAIN ? [] : [record("size", String(size))]),
  ].join("");
  const plain = name.replaceAll(/[^\x20-\x7e]/g, "_").slice(0, 100);
  const own = header(plain, Math.min(size, LARGEST_PLAIN), "0");
  if (records === "") return own;
  const said = Buffer.from(records);
  const more = Buffer.alloc(padded(said.length));
  said.copy(more);
  return Buffer.concat([header("pax", said.length, "x"), more, own]);
}

/** `25 path=files/ä\n`: its own length is part of it. */
function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  const guess = rest + String(rest).length;
  const length = rest + String(guess).length;
  return `${length} ${key}=${value}\n`;
}

const SPACES = "        ";

function header(name: string, size: number, type: "0" | "x"): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  block.write(name, 0, 100, "latin1");
  block.write(octal(0o600, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(SPACES, 148);
  block.write(type, 156);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
