import type { FrozenCopy } from "../freeze/contract.ts";

/** What a customer can be given a link to. aws/frozen-copies.ts is the real one. */
export interface Shelf {
  /** The oldest data first. */
  copies(instance: string): Promise<readonly FrozenCopy[]>;
}

/** What a click needs of the bucket of frozen copies. aws/s3-signer.ts is the real one. */
export interface Signer {
  /** A URL that opens this object, for this method alone, for a quarter of an hour, saved under the name. */
  sign(method: "GET" | "HEAD", key: string, file: string): Promise<string>;
}
