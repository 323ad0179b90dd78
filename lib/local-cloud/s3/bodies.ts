import { randomUUID } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { TrailedStream } from "../wire/aws-chunked.ts";
import { CHECKSUMS, type ChecksumName, type Checksums, Digests } from "./checksums.ts";

/** Bodies up to this size stay in memory. */
const LARGEST_IN_MEMORY = 1024 * 1024;

export interface Body {
  readonly size: number;
  /** Bytes `from` to `to`, both included. */
  read(from: number, to: number): Buffer | Readable;
  discard(): void;
}

export interface Received {
  readonly body: Body;
  readonly md5: Buffer;
  readonly computed: Checksums;
  /** What the trailers stated. */
  readonly trailed: Checksums;
}

/** Takes uploads in; large ones go to files when there is a directory for them. */
export class Bodies {
  readonly #directory: string | undefined;

  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** `wanted` are the checksums to compute besides MD5. */
  async receive(source: unknown, wanted: readonly ChecksumName[]): Promise<Received> {
    const stream = asStream(source);
    const digests = new Digests(wanted);
    const body = await this.#store(stream, digests);
    const { md5, checksums } = digests.finish();
    return { body, md5, computed: checksums, trailed: trailersOf(stream) };
  }

  async #store(stream: Readable, digests: Digests): Promise<Body> {
    const held: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      digests.update(chunk);
      held.push(chunk);
      size += chunk.length;
      if (this.#directory !== undefined && size > LARGEST_IN_MEMORY)
        return this.#spill(this.#directory, held, stream, digests);
    }
    return inMemory(Buffer.concat(held));
  }

  async #spill(
    directory: string,
    held: readonly Buffer[],
    rest: Readable,
    digests: Digests,
  ): Promise<Body> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, randomUUID());
    const file = await open(path, "wx");
    try {
      let size = (await file.writev([...held])).bytesWritten;
      for await (const chunk of rest) {
        digests.update(chunk);
        await file.writeFile(chunk);
        size += chunk.length;
      }
      return onDisk(path, size);
    } catch (cause) {
      rmSync(path, { force: true });
      throw cause;
    } finally {
      await file.close();
    }
  }
}

export const inMemory = (bytes: Buffer): Body => ({
  size: bytes.length,
  read: (from, to) => bytes.subarray(from, to + 1),
  discard() {},
});

const onDisk = (path: string, size: number): Body => ({
  size,
  read: (start, end) => createReadStream(path, { start, end }),
  discard: () => rmSync(path, { force: true }),
});

/** Several bodies read as one: the parts of a multipart upload. */
export function joined(bodies: readonly Body[]): Readable {
  return Readable.from(eachChunk(bodies), { objectMode: false });
}

async function* eachChunk(bodies: readonly Body[]) {
  for (const body of bodies) {
    if (body.size === 0) continue;
    const content = body.read(0, body.size - 1);
    if (content instanceof Buffer) yield content;
    else yield* content;
  }
}

function asStream(source: unknown): Readable {
  if (source instanceof Readable) return source;
  return Readable.from(source instanceof Uint8Array ? [Buffer.from(source)] : [], {
    objectMode: false,
  });
}

function trailersOf(stream: Readable): Checksums {
  const { trailers = {} } = stream as Partial<TrailedStream>;
  return Object.fromEntries(
    Object.entries(CHECKSUMS).flatMap(([name, header]) =>
      trailers[header] === undefined ? [] : [[name, trailers[header]]],
    ),
  );
}
