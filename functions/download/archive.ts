import { dumpedWith, dumpOf } from "../../lib/sla/dump-formats.ts";
import { fileKeys } from "../files/contract.ts";
import { type DownloadLink, fileName, fileStem, type Paper } from "./contract.ts";
import type { Signed } from "./ports.ts";

/**
 * `archive.json`: what a link leads to and how it is restored anywhere, for whoever has nothing but the link. Paths are relative to where
 * this lies; sizes in bytes, instants ISO 8601.
 */
export function archivePage(link: DownloadLink): string | undefined {
  const { instance, backup, takenAt, until, bytes, sha256, archive } = link;
  if (archive === undefined) return undefined;
  const { database, untransacted, files } = archive;
  const dumped = dumpOf(archive);
  const name = fileName(link);
  const page = {
    ...{ instance, backup, takenAt, until },
    dump: {
      ...{ path: name, bytes, sha256, format: dumped.format, database, ...dumpedWith(archive) },
      ...(untransacted && { untransacted }),
    },
    files: files ? { ...FILES, ...(files.paths !== undefined && PATHS) } : null,
    restore: [`echo '${sha256}  ${name}' | sha256sum -c`, ...dumped.restore(name, database)],
    needs: dumped.needs(dumped),
  };
  return `${JSON.stringify(page, undefined, 2)}\n`;
}

const FILES = { manifest: "files.json.gz", each: "files/VERSION/KEY" } as const;
const PATHS = { paths: "paths.txt" } as const;

/** Where a paper lies that is not made on the spot; undefined where the link has none. */
export function paperAt(
  link: DownloadLink,
  paper: Exclude<Paper, "archive.json">,
): Signed | undefined {
  const { instance, backup, archive } = link;
  const files = archive?.files;
  if (!files) return undefined;
  const stem = fileStem(link);
  if (paper === "files.json.gz") {
    const key = fileKeys.manifest(instance, backup);
    return { key, versionId: files.manifest, file: `${stem}.${paper}` };
  }
  if (files.paths === undefined) return undefined;
  const key = fileKeys.paths(instance, backup);
  return { key, versionId: files.paths, file: `${stem}.${paper}` };
}

/** One file's version in the replica: below the instance's own prefix, whatever its key is. */
export function fileIn(
  { instance }: Pick<DownloadLink, "instance">,
  { key, versionId }: { readonly key: string; readonly versionId: string },
): Signed {
  const file = key.slice(key.lastIndexOf("/") + 1);
  return { key: `${fileKeys.replica(instance)}${key}`, versionId, file };
}
