/** A site's durable memory. Conditional writes are the only lock. */
export interface Ledger {
  read<T>(key: string): Promise<Entry<T> | undefined>;
  /** The JSON as it lies there, unpacked: what hashes are made of. Rejects with no `SlaError` where it is torn. */
  text(key: string): Promise<string | undefined>;
  /** Writes only if the key does not exist; false if it does. Keys ending in `.gz` are compressed. */
  create(key: string, value: unknown): Promise<boolean>;
  /** Writes only over the version with this tag; false if another has been written since. */
  replace(key: string, value: unknown, tag: string): Promise<boolean>;
  /** All keys below a prefix with the tag of their current version. */
  list(prefix: string): Promise<readonly Listed[]>;
}

interface Listed {
  readonly key: string;
  readonly tag: string;
  /** ISO 8601: when the ledger took the current version, where it says so. */
  readonly writtenAt?: string;
  /** Put together from parts: S3 dates it to when that was begun, before anybody could have read it. */
  readonly assembled?: true;
}

export interface Entry<T> {
  readonly value: T;
  readonly tag: string;
}

/** The ledger of any site, by region. Calls to a region that does not answer reject with `CloudUnreachable`. */
export type Ledgers = (region: string) => Ledger;
