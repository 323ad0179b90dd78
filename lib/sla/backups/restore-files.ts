import type { Manifest } from "./manifest.ts";

/** What speaks against copying the files of a manifest to where they are wanted. */
export interface RestoreObstacles {
  /** Keys whose version is no longer there. */
  readonly gone: readonly string[];
  /** Keys that the target has and the manifest does not: it would not be what the backup was. */
  readonly foreign: readonly string[];
}

/** `versions`: ids of all that the replica still has. Files that the target has already are written over. */
export function obstacles(
  { files }: Pick<Manifest, "files">,
  versions: ReadonlySet<string>,
  target: readonly string[],
): RestoreObstacles {
  const wanted = new Set(files.map(({ key }) => key));
  return {
    gone: files.flatMap(({ key, versionId }) => (versions.has(versionId) ? [] : [key])),
    foreign: target.filter((key) => !wanted.has(key)),
  };
}

const SHOWN = 10;

/** `a, b and 3 more` */
export function someOf(keys: readonly string[]): string {
  const more = keys.length - SHOWN;
  return `${keys.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
