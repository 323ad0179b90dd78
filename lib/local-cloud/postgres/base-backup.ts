import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client, type ClientConfig, type Connection } from "pg";
import { type Extract, extract } from "tar-stream";
import { giveAway, makePrivateDirectory } from "./run-as.ts";

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

export interface BackupOptions {
  /** A connection with the right to replicate. */
  readonly connection: ClientConfig;
  readonly label: string;
  /** With the WAL it needs, so that it can be started alone; a standby fetches that itself. */
  readonly wal: boolean;
}

/** Copies a running server into an empty directory, over the replication protocol like pg_basebackup. */
export async function cloneInto(directory: string, options: BackupOptions): Promise<void> {
  await makePrivateDirectory(directory);
  const tar = extract();
  await Promise.all([backup(options, tar as unknown as Writable), unpack(tar, directory)]);
}

/** Writes the base backup's tar into `sink` and ends it. Resolves to the position in the log at which it ends. */
export async function backup(options: BackupOptions, sink: Writable): Promise<string> {
  const client = new Client({ ...options.connection, replication: "true" } as ClientConfig);
  client.on("error", () => {});
  try {
    await client.connect();
    const label = options.label.replaceAll("'", "");
    const text = `BASE_BACKUP (LABEL '${label}', CHECKPOINT 'fast', WAIT false, MANIFEST 'no', WAL ${options.wal})`;
    const position = await new Promise<string>((done, fail) => {
      client.once("end", () => fail(new Error(`base backup ${label}: the connection ended`)));
      client.query(new BaseBackup(text, sink, done, fail));
    });
    sink.end();
    return position;
  } catch (cause) {
    sink.destroy(cause as Error);
    throw cause;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Unpacks a compressed base backup; the files belong to whoever PostgreSQL runs as. */
export async function unpackInto(
  directory: string,
  source: NodeJS.ReadableStream,
  decoder: NodeJS.ReadWriteStream,
): Promise<void> {
  await makePrivateDirectory(directory);
  const tar = extract();
  await Promise.all([
    pipeline(source, decoder, tar as unknown as NodeJS.WritableStream),
    unpack(tar, directory),
  ]);
}

async function unpack(tar: Extract, directory: string): Promise<void> {
  for await (const entry of tar) await place(entry, directory);
}

async function place(entry: Entry, directory: string): Promise<void> {
  const { name, type } = entry.header;
  const path = join(directory, normalize(name));
  if (!path.startsWith(directory + sep) && path !== directory) {
    throw new Error(`base backup: ${name} leads out of the data directory`);
  }
  if (type === "directory") {
    await mkdir(path, { recursive: true, mode: 0o700 });
    entry.resume();
  } else if (type === "file") {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await pipeline(entry as unknown as Readable, createWriteStream(path, { mode: 0o600 }));
  } else {
    throw new Error(`base backup: ${name} is a ${type}; tablespaces are not copied`);
  }
  await giveAway(path);
}

/** What `pg` calls a submittable: it speaks to the connection itself. Messages: PostgreSQL manual, 55.4. */
class BaseBackup {
  readonly #text: string;
  readonly #sink: Writable;
  readonly #done: (position: string) => void;
  readonly #fail: (cause: Error) => void;
  #connection: Connection | undefined;
  #isPaused = false;
  /** First column of the last row: the position of the beginning at first, that of the end at last. */
  #position = "";

  constructor(
    text: string,
    sink: Writable,
    done: (position: string) => void,
    fail: (cause: Error) => void,
  ) {
    this.#text = text;
    this.#sink = sink;
    this.#done = done;
    this.#fail = fail;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.query(this.#text);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // `d` is data of the one archive; `n`, `m` and `p` announce archives, the manifest and progress.
    if (chunk[0] !== 0x64) return;
    // The connection reuses its buffer.
    if (this.#sink.write(Buffer.from(chunk.subarray(1)))) return;
    // Several messages arrive at once: those after the pause come all the same.
    if (this.#isPaused) return;
    this.#isPaused = true;
    const stream = this.#connection?.stream;
    stream?.pause();
    this.#sink.once("drain", () => {
      this.#isPaused = false;
      stream?.resume();
    });
  }

  handleError(cause: Error): void {
    this.#fail(cause);
  }

  handleReadyForQuery(): void {
    this.#done(this.#position);
  }

  handleRowDescription(): void {}
  handleDataRow({ fields: [position] }: { fields: readonly (string | null)[] }): void {
    if (position) this.#position = position;
  }
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyOutResponse(): void {}
  handleCopyDone(): void {}
}
