import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Delivery } from "./contract.ts";
import { manifestText } from "./manifest.ts";
import { fileOf, manifestOf } from "./names.ts";
import type { Depot, Shelf } from "./ports.ts";
import { measured, type Opener, onlyIf, seal } from "./seal.ts";

/** What a dump is sent with. */
export interface Sending {
  readonly instance: string;
  readonly place: string;
  readonly opener: Opener;
  readonly depot: Depot;
  readonly shelf: Shelf;
  readonly clock: Clock;
  /** Aborted shortly before Lambda ends the invocation. */
  readonly signal: AbortSignal;
}

/** Out of the frozen bucket through age to the destination; no byte is kept on the way. The manifest follows when it is there. */
export async function send(sending: Sending, copy: FrozenCopy): Promise<Delivery> {
  const { instance, place, opener, depot, shelf, clock, signal } = sending;
  const { backup, takenAt, dump } = copy;
  const name = fileOf(instance, copy);
  const began = clock.now();
  const plain = onlyIf(await shelf.open(dump.key), dump, dump.key);
  const { content, bytes } = await seal(plain, dump.bytes, opener);
  const passing = measured(content);
  await depot.write({ name, bytes, content: passing.content, signal });
  const deliveredAt = clock.now();
  const delivery = {
    ...{ instance, backup, takenAt, name },
    ...("recipient" in opener && { recipient: opener.recipient }),
    plain: { bytes: dump.bytes, sha256: dump.sha256 },
    encrypted: passing.measure(),
    deliveredAt: deliveredAt.toISOString(),
  };
  const manifest = Buffer.from(manifestText(copy, delivery));
  const beside = { name: manifestOf(name), bytes: manifest.length, content: only(manifest) };
  await depot.write({ ...beside, signal });
  return { ...delivery, place, seconds: (deliveredAt.getTime() - began.getTime()) / 1000 };
}

/** All of it at once. */
export async function* only(bytes: Uint8Array) {
  yield bytes;
}
