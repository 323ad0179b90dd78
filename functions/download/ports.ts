import type { FrozenCopy } from "../freeze/contract.ts";
import type { PairedFiles } from "./contract.ts";

/** What a customer can be given a link to. aws/frozen-copies.ts is the real one. */
export interface Shelf {
  /** The oldest data first. */
  copies(instance: string): Promise<readonly FrozenCopy[]>;
}

/** Which files belong to a backup where dumps are made; undefined where nobody has written it down (any more). aws/paired-files.ts is the real one. */
export type Pairs = (instance: string, backup: string) => Promise<PairedFiles | undefined>;

/** An object of a bucket, and what it is saved as. */
export interface Signed {
  readonly key: string;
  /** That one and no other. */
  readonly versionId?: string;
  readonly file: string;
}

/** What a click needs of a bucket. aws/s3-signer.ts is the real one. */
export interface Signer {
  /** A URL that opens this object, for this method alone, for a quarter of an hour, saved under the name. */
  sign(method: "GET" | "HEAD", what: Signed): Promise<string>;
}
