import { createHash } from "node:crypto";
import { Encrypter } from "age-encryption";
import { SlaError } from "../kernel/errors.ts";
import type { Measure } from "./contract.ts";

/** Who can open it: one of them. */
export type Opener = { readonly recipient: string } | { readonly passphrase: string };

export interface Sealed {
  readonly content: AsyncIterable<Uint8Array>;
  /** Of all of it, known before any of it is made. */
  readonly bytes: number;
}

/** As `age -e` would encrypt it; nothing of it is held. Rejects with SecretMalformed where the recipient is none. */
export async function seal(
  plain: AsyncIterable<Uint8Array>,
  bytes: number,
  opener: Opener,
): Promise<Sealed> {
  const content = await encrypterFor(opener).encrypt(ReadableStream.from(plain));
  return { content, bytes: content.size(bytes) };
}

function encrypterFor(opener: Opener): Encrypter {
  const encrypter = new Encrypter();
  if ("passphrase" in opener) {
    encrypter.setPassphrase(opener.passphrase);
    return encrypter;
  }
  try {
    encrypter.addRecipient(opener.recipient);
  } catch (cause) {
    const said = `recipient '${opener.recipient}' is no public key of age`;
    throw new SlaError("SecretMalformed", "operator", said, { cause });
  }
  return encrypter;
}

/** What passes through, counted and hashed. */
export interface Measured {
  readonly content: AsyncIterable<Uint8Array>;
  /** Of what has passed; to be asked once, at the end. */
  measure(): Measure;
}

export function measured(content: AsyncIterable<Uint8Array>): Measured {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* passing() {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  return { content: passing(), measure: () => ({ bytes, sha256: hash.digest("hex") }) };
}

/** The same, or it ends with DumpBroken: who reads it must not keep it. */
export async function* onlyIf(
  content: AsyncIterable<Uint8Array>,
  expected: Measure,
  what: string,
): AsyncGenerator<Uint8Array> {
  const passing = measured(content);
  yield* passing.content;
  const found = passing.measure();
  if (found.sha256 === expected.sha256 && found.bytes === expected.bytes) return;
  const said = `${what} has ${found.bytes} bytes with SHA-256 ${found.sha256}; its manifest says ${expected.bytes} and ${expected.sha256}`;
  throw new SlaError("DumpBroken", "operator", said);
}
