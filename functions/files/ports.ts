import type { Filestore } from "../../lib/sla/backups/filestore.ts";
import type { Manifest } from "../../lib/sla/backups/manifest.ts";
import type { Originals, ReplicaFile, SourceFile } from "../../lib/sla/backups/mirror.ts";

/** The provider's buckets. */
export interface Source {
  /** Everything below its prefix. */
  list(filestore: Filestore): Promise<readonly SourceFile[]>;
}

export interface CopyOrder {
  readonly instance: string;
  readonly from: Filestore;
  readonly file: SourceFile;
  /** What has not ended then is given up. */
  readonly until: Date;
}

/** `changed`: the original is another one by now, or gone. */
export type CopyOutcome =
  | { readonly kind: "copied"; readonly versionId: string; readonly etag: string }
  | { readonly kind: "changed" }
  | { readonly kind: "late" };

/** Copies of all filestores in the own region; what is removed stays as a version. */
export interface Replica {
  /** The newest versions of files that are not removed, by key. */
  list(instance: string): Promise<ReadonlyMap<string, ReplicaFile>>;
  copy(order: CopyOrder): Promise<CopyOutcome>;
  remove(instance: string, keys: readonly string[]): Promise<void>;
}

/** What is written down beside the replica. */
export interface Papers {
  originals(instance: string): Promise<Originals>;
  keepOriginals(instance: string, originals: Originals): Promise<void>;
  /** Once; another one of the same backup stays as it is. */
  write(manifest: Manifest): Promise<void>;
  drop(instance: string, backup: string): Promise<void>;
}
