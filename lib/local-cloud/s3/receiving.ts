import { AwsError } from "../wire/service.ts";
import type { Received } from "./bodies.ts";
import {
  CHECKSUMS,
  type ChecksumName,
  type Checksums,
  pickChecksums,
  verified,
} from "./checksums.ts";

/** The checksums to compute: those the client states, and CRC32 which S3 always keeps. */
export function wanted(input: Readonly<Record<string, unknown>>): ChecksumName[] {
  const names = Object.keys(CHECKSUMS) as ChecksumName[];
  const algorithm = `Checksum${input["ChecksumAlgorithm"]}`;
  return names.filter(
    (name) => name === "ChecksumCRC32" || name === algorithm || input[name] !== undefined,
  );
}

/** Compares what arrived with what the client stated. Throws BadDigest. */
export function checkReceived(
  input: { readonly ContentMD5?: string | undefined },
  { md5, computed, trailed }: Received,
): Checksums {
  if (input.ContentMD5 !== undefined && input.ContentMD5 !== md5.toString("base64"))
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match.", 400);
  return verified({ ...pickChecksums({ ...input }), ...trailed }, computed);
}
