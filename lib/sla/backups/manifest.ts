/** The files that belong to a backup of a database: which versions of which replica. */
export interface Manifest {
  readonly instance: string;
  /** Name of the backup. */
  readonly backup: string;
  /** ISO 8601: of the database's data. */
  readonly takenAt: string;
  /** ISO 8601: when the files began to be listed; never before `takenAt`. */
  readonly filesAt: string;
  /** `s3://bucket/prefix` that they were copied from. */
  readonly filestore: string;
  /** Sorted by key. */
  readonly files: readonly FiledFile[];
}

/** A file as the provider's bucket had it, and the version of the replica that holds it. */
export interface FiledFile {
  /** Below the filestore's prefix. */
  readonly key: string;
  readonly size: number;
  /** Of the original. */
  readonly etag: string;
  readonly versionId: string;
}
