import type { FiledFile, Manifest } from "../../lib/sla/backups/manifest.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Delivery, SentFiles } from "./contract.ts";
import { filesText } from "./manifest.ts";
import { archiveOf, manifestOf } from "./names.ts";
import type { FileShelf } from "./ports.ts";
import { measured, seal } from "./seal.ts";
import { only, type Sending } from "./send.ts";
import { type Archived, tarBytes, tarOf } from "./tar.ts";

type Entry = Archived & { readonly file: FiledFile };

/** Below one folder: nothing that is unpacked lands beside it. */
const entriesOf = ({ files }: Manifest): readonly Entry[] =>
  files.map((file) => ({ name: `files/${file.key}`, size: file.size, file }));

/** Bytes of what would be sent, before it is encrypted. */
export const archiveBytes = (manifest: Manifest): number => tarBytes(entriesOf(manifest));

/** All files of a dump as one archive through age to the destination, beside it; its manifest follows when it is there. */
export async function sendFiles(
  { instance, opener, depot, clock, signal }: Omit<Sending, "shelf" | "place">,
  shelf: FileShelf,
  manifest: Manifest,
  dump: Pick<Delivery, "backup" | "takenAt" | "recipient">,
): Promise<SentFiles> {
  const entries = entriesOf(manifest);
  const name = archiveOf(instance, dump);
  const began = clock.now();
  const plain = measured(unbroken(tarOf(entries, ahead(shelf, instance, entries))));
  const { content, bytes } = await seal(plain.content, tarBytes(entries), opener);
  const passing = measured(content);
  await depot.write({ name, bytes, content: passing.content, signal });
  const deliveredAt = clock.now();
  const sent: SentFiles = {
    ...{ name, count: entries.length },
    ...{ plain: plain.measure(), encrypted: passing.measure() },
    deliveredAt: deliveredAt.toISOString(),
    seconds: (deliveredAt.getTime() - began.getTime()) / 1000,
  };
  const text = Buffer.from(filesText(instance, dump, manifest, sent));
  await depot.write({ name: manifestOf(name), bytes: text.length, content: only(text), signal });
  return sent;
}

/** A replica's version is what its manifest says, or the archive is not finished. */
async function* unbroken(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* archive;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SlaError("FilesBroken", "operator", cause.message, { cause });
  }
}

/** Thousands of small files would each cost a way there and back. */
const AHEAD = 16;
/** What is read ahead is held: of larger ones nothing is, and a body that nobody reads would be cut off. */
const SMALL = 1024 * 1024;

function ahead(shelf: FileShelf, instance: string, entries: readonly Entry[]) {
  const held = new Map<number, Promise<Uint8Array[]>>();
  return async ({ file }: Entry, index: number): Promise<AsyncIterable<Uint8Array>> => {
    for (const [more, next] of entries.slice(index, index + AHEAD).entries()) {
      if (next.size > SMALL || held.has(index + more)) continue;
      const reading = shelf.open(instance, next.file).then((body) => Array.fromAsync(body));
      // Whoever comes to it hears of it.
      reading.catch(() => {});
      held.set(index + more, reading);
    }
    const its = held.get(index);
    held.delete(index);
    return its ? each(await its) : shelf.open(instance, file);
  };
}

async function* each(chunks: readonly Uint8Array[]) {
  yield* chunks;
}
