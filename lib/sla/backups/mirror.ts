import type { FiledFile } from "./manifest.ts";

/** A file as a list of the provider's bucket shows it; keys are relative to the filestore. */
export interface SourceFile {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

/** The newest version of a file in the replica. */
export interface ReplicaFile {
  readonly versionId: string;
  readonly size: number;
  /** Its own. */
  readonly etag: string;
}

/** Version of the replica → ETag of the original, where the two differ: S3 gives copies of files that came in parts another one. */
export type Originals = ReadonlyMap<string, string>;

export interface MirrorPlan {
  /** In the replica already. */
  readonly kept: readonly FiledFile[];
  readonly copies: readonly SourceFile[];
  /** In the replica only. */
  readonly removals: readonly string[];
}

/**
 * What makes the replica what the source was when it was listed. An ETag is never the same for another content, times can be: a bucket
 * with versions shows an older time again once its newest version is deleted.
 */
export function mirrorPlan(
  source: readonly SourceFile[],
  replica: ReadonlyMap<string, ReplicaFile>,
  originals: Originals,
): MirrorPlan {
  const listed = new Set(source.map(({ key }) => key));
  const held = source.map((file) => ({ file, versionId: heldAs(file, replica, originals) }));
  return {
    kept: held.flatMap(({ file, versionId }) => (versionId ? [{ ...file, versionId }] : [])),
    copies: held.flatMap(({ file, versionId }) => (versionId ? [] : [file])),
    removals: [...replica.keys()].filter((key) => !listed.has(key)),
  };
}

function heldAs(
  { key, size, etag }: SourceFile,
  replica: ReadonlyMap<string, ReplicaFile>,
  originals: Originals,
): string | undefined {
  const there = replica.get(key);
  if (there?.size !== size) return undefined;
  return (originals.get(there.versionId) ?? there.etag) === etag ? there.versionId : undefined;
}
