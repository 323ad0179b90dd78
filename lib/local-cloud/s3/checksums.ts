import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../wire/service.ts";

/** Input members that carry a checksum, and the trailers that may carry it instead. */
export const CHECKSUMS = {
  ChecksumCRC32: "x-amz-checksum-crc32",
  ChecksumCRC32C: "x-amz-checksum-crc32c",
  ChecksumCRC64NVME: "x-amz-checksum-crc64nvme",
  ChecksumSHA1: "x-amz-checksum-sha1",
  ChecksumSHA256: "x-amz-checksum-sha256",
} as const;
export type ChecksumName = keyof typeof CHECKSUMS;
export type Checksums = Partial<Record<ChecksumName, string>>;

interface Running {
  update(bytes: Uint8Array): void;
  /** Base64, as S3 writes it. */
  digest(): string;
}

/** Those we compute. CRC32C and CRC64NVME are kept and given back as the client stated them. */
const COMPUTED: Partial<Record<ChecksumName, () => Running>> = {
  ChecksumCRC32: runningCrc32,
  ChecksumSHA1: () => hash("sha1"),
  ChecksumSHA256: () => hash("sha256"),
};

function runningCrc32(): Running {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

function hash(algorithm: string): Running {
  const sum = createHash(algorithm);
  return { update: (bytes) => void sum.update(bytes), digest: () => sum.digest("base64") };
}

/** Runs along with a body: the entity tag, and the checksums S3 could be asked to verify. */
export class Digests {
  readonly #md5 = createHash("md5");
  readonly #running: readonly (readonly [ChecksumName, Running])[];

  constructor(wanted: readonly ChecksumName[]) {
    this.#running = wanted.flatMap((name) => {
      const start = COMPUTED[name];
      return start ? [[name, start()] as const] : [];
    });
  }

  update(bytes: Uint8Array): void {
    this.#md5.update(bytes);
    for (const [, running] of this.#running) running.update(bytes);
  }

  finish(): { readonly md5: Buffer; readonly checksums: Checksums } {
    const checksums = this.#running.map(([name, running]) => [name, running.digest()]);
    return { md5: this.#md5.digest(), checksums: Object.fromEntries(checksums) };
  }
}

/** What the client stated, in headers or trailers; throws BadDigest where we computed another. */
export function verified(stated: Checksums, computed: Checksums): Checksums {
  for (const name of Object.keys(stated) as ChecksumName[]) {
    const found = computed[name];
    if (found !== undefined && found !== stated[name])
      throw new AwsError(
        "BadDigest",
        `The ${name.replace("Checksum", "")} you specified did not match the calculated checksum.`,
        400,
      );
  }
  return { ...computed, ...stated };
}

export function pickChecksums(source: Readonly<Record<string, unknown>>): Checksums {
  return Object.fromEntries(
    Object.keys(CHECKSUMS).flatMap((name) =>
      typeof source[name] === "string" ? [[name, source[name]]] : [],
    ),
  );
}
