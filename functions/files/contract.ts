/** Brings the files of instances into its own region, and writes down which of them belong to a backup. */
export const FILES_FUNCTION = "sla-files";

/** One versioned bucket per site. */
export const filesBucket = (account: string, region: string) => `sla-files-${account}-${region}`;

/** What lies where in it. */
export const fileKeys = {
  /** The replica of an instance's filestore, key by key. */
  replica: (instance: string) => `files/${instance}/`,
  manifests: "manifests/",
  manifest: (instance: string, backup: string) => `manifests/${instance}/${backup}.json.gz`,
  /** Of a manifest's files, as links have them in their paths. */
  paths: (instance: string, backup: string) => `paths/${instance}/${backup}.txt`,
  /** ETags of originals, where those of their copies differ. */
  originals: (instance: string) => `originals/${instance}.json.gz`,
} as const;

/** Handed over as an event: it takes minutes, and its manifests say what came of it. */
export interface FilesRequest {
  readonly orders: readonly FilesOrder[];
}

export interface FilesOrder {
  readonly instance: string;
  /** `s3://bucket/prefix` */
  readonly filestore: string;
  /** That have no manifest yet; instants ISO 8601. */
  readonly backups: readonly { readonly id: string; readonly takenAt: string }[];
  /** Backups whose manifests can go. */
  readonly gone: readonly string[];
}

export interface RestoreRequest {
  readonly instance: string;
  /** Name of the backup. */
  readonly backup: string;
  /** `s3://bucket/prefix`, empty but for what an earlier call restored. */
  readonly target: string;
  /** Of the answer before. */
  readonly next?: number;
}

export interface RestoreAnswer {
  readonly restored: number;
  readonly of: number;
  /** Absent: all are there. */
  readonly next?: number;
}

/** Seconds that an invocation may go on copying; what is left is for what it has begun. */
export const FILES_SECONDS = 600;
