import { fileKeys, filesBucket } from "../../functions/files/contract.ts";
import type { Archive } from "../../functions/files/restore.ts";
import { soldFilestore } from "../sla/backups/filestore.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";

/** The files that belong to a backup, as one place has them. */
export interface FinalFiles {
  readonly instance: string;
  readonly backup: string;
  /** `s3://bucket/key` of the manifest, and the bucket and prefix of what it names. */
  readonly manifest: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  readonly files: number;
  readonly bytes: number;
  /** ISO 8601: when they began to be listed. */
  readonly filesAt: string;
}

/** `none`: the plan sells no files. `missing`: they are not there yet. */
export async function finalFiles(
  { fleet }: Pick<Access, "fleet">,
  archive: Pick<Archive, "manifest">,
  instance: Instance,
  { region, backup }: { readonly region: string; readonly backup: string },
): Promise<FinalFiles | "none" | "missing"> {
  if (soldFilestore(fleet, instance) === undefined) return "none";
  const { id } = instance;
  const manifest = await archive.manifest(id, backup);
  if (!manifest) return "missing";
  const bucket = filesBucket(fleet.provider.account, region);
  const { files, filesAt } = manifest;
  return {
    ...{ instance: id, backup },
    manifest: `s3://${bucket}/${fileKeys.manifest(id, backup)}`,
    ...{ bucket, prefix: fileKeys.replica(id), region, filesAt },
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}
