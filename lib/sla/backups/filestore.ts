import type { Fleet, Instance } from "../fleet.ts";

/** Where an instance's files lie. */
export interface Filestore {
  readonly bucket: string;
  /** Empty, or with a slash at its end: `acme` would take what belongs to `acme2` as well. */
  readonly prefix: string;
}

/** Of `s3://bucket/prefix`. */
export function filestoreOf(address: string): Filestore {
  const [bucket = "", ...path] = address.replace(/^s3:\/\//, "").split("/");
  const prefix = path.filter((part) => part !== "").join("/");
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/** The filestore that belongs to every backup of an instance; undefined where its plan sells none, or nobody says where it lies. */
export const soldFilestore = (
  { plans }: Pick<Fleet, "plans">,
  { plan, filestore }: Pick<Instance, "plan" | "filestore">,
): string | undefined =>
  plans[plan]?.backups?.contents.includes("filestore") ? filestore : undefined;
