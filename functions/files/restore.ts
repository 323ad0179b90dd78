import { type Filestore, filestoreOf } from "../../lib/sla/backups/filestore.ts";
import type { FiledFile, Manifest } from "../../lib/sla/backups/manifest.ts";
import { obstacles, someOf } from "../../lib/sla/backups/restore-files.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { FILES_SECONDS, type RestoreAnswer, type RestoreRequest } from "./contract.ts";

/** Replica and manifests of the own region. */
export interface Archive {
  manifest(instance: string, backup: string): Promise<Manifest | undefined>;
  /** Ids of all versions of an instance's files. */
  versions(instance: string): Promise<ReadonlySet<string>>;
}

export interface RestoreOrder {
  readonly instance: string;
  readonly file: FiledFile;
  readonly to: Filestore;
  readonly until: Date;
}

/** Where files are restored to, in whichever region it lies. */
export interface Target {
  /** Relative to its prefix. */
  keys(filestore: Filestore): Promise<readonly string[]>;
  copy(order: RestoreOrder): Promise<"copied" | "gone" | "late">;
}

export interface RestorePorts {
  readonly archive: Archive;
  readonly target: Target;
  readonly clock: Clock;
}

const LANES = 16;
const LEAST_MS = 5000;

/**
 * Copies exactly the versions of a backup's manifest, in the order of their keys, until its time is up; the answer says where to go on.
 * Copying one again changes nothing. Rejects with `ManifestMissing`, `FilesGone` naming keys, or `TargetNotEmpty`.
 */
export async function restoreFiles(
  { instance, backup, target, next: begin = 0 }: RestoreRequest,
  ports: RestorePorts,
): Promise<RestoreAnswer> {
  const { clock, archive } = ports;
  const until = new Date(clock.now().getTime() + clock.paced(FILES_SECONDS, LEAST_MS));
  const manifest = await archive.manifest(instance, backup);
  if (!manifest) throw noManifest(backup);
  const to = filestoreOf(target);
  await check(manifest, to, ports);
  const rest = manifest.files.slice(begin);
  const outcomes = await inLanes(LANES, rest, async (file) =>
    clock.now() < until ? ports.target.copy({ instance, file, to, until }) : "late",
  );
  const gone = rest.filter((_, index) => outcomes[index] === "gone");
  if (gone.length > 0)
    throw filesGone(
      backup,
      gone.map(({ key }) => key),
    );
  const of = manifest.files.length;
  const left = outcomes.indexOf("late");
  return left < 0 ? { restored: of, of } : { restored: begin + left, of, next: begin + left };
}

async function check(manifest: Manifest, to: Filestore, { archive, target }: RestorePorts) {
  const { instance, backup } = manifest;
  const [versions, there] = await Promise.all([archive.versions(instance), target.keys(to)]);
  const { gone, foreign } = obstacles(manifest, versions, there);
  if (gone.length > 0) throw filesGone(backup, gone);
  if (foreign.length === 0) return;
  throw new SlaError(
    "TargetNotEmpty",
    "operator",
    `s3://${to.bucket}/${to.prefix} has files that ${backup} does not have: ${someOf(foreign)}; restore to an empty prefix`,
  );
}

const noManifest = (backup: string) =>
  new SlaError(
    "ManifestMissing",
    "operator",
    `${backup} has no manifest of its files in this region: sla backups shows where it has one`,
  );

const filesGone = (backup: string, keys: readonly string[]) =>
  new SlaError(
    "FilesGone",
    "operator",
    `${keys.length} files of ${backup} are no longer in this region's replica: ${someOf(keys)}; restore from another place, or from another backup`,
  );
