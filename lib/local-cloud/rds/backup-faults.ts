import { damageFile, disorder, loseRows, scramble } from "./damage.ts";
import type { World } from "./world.ts";

/** What happens to backups without anybody asking RDS for it. */
export interface BackupFaults {
  /** Copies of snapshots into the region stay `pending`, as when many others copy there. */
  holdCopies(region: string): void;
  releaseCopies(region: string): void;
  /** The next copy into the region ends `failed`. */
  failNextCopy(region: string): void;
  /** Snapshots in the region stay `creating`, and their instances `backing-up`. */
  holdSnapshots(region: string): void;
  releaseSnapshots(region: string): void;
  /** Instances restored in the region stay `creating`. */
  holdRestores(region: string): void;
  releaseRestores(region: string): void;
  /** A KMS key, by id, ARN or alias, can no longer be used; instances that run go on. */
  disableKey(region: string, key: string): void;
  enableKey(region: string, key: string): void;
  /**
   * A table loses half of its pages in a snapshot, an index (B-tree) its order; of MariaDB all pages of a table are scrambled. The
   * snapshot stays `available` and can be restored.
   *
   * @throws Error if the instance it was taken of lives no more: only that knows the relation's file
   */
  damageSnapshot(region: string, id: string, relation: string, database?: string): Promise<void>;
}

export function backupFaultsOf(world: World): BackupFaults {
  const { mishaps, log } = world;
  const told =
    (operation: string, happen: (region: string) => void) =>
    (region: string): void => {
      happen(region);
      log.record({ region, service: "rds", operation, detail: {} });
    };
  const keyTold =
    (operation: string, happen: (region: string, key: string) => void) =>
    (region: string, key: string): void => {
      happen(region, key);
      log.record({ region, service: "kms", operation, detail: { key } });
    };
  return {
    holdCopies: told("CopiesHeld", (region) => mishaps.copies.hold(region)),
    releaseCopies: told("CopiesReleased", (region) => mishaps.copies.release(region)),
    failNextCopy: told("NextCopyFails", (region) => mishaps.failNextCopy(region)),
    holdSnapshots: told("SnapshotsHeld", (region) => mishaps.snapshots.hold(region)),
    releaseSnapshots: told("SnapshotsReleased", (region) => mishaps.snapshots.release(region)),
    holdRestores: told("RestoresHeld", (region) => mishaps.restores.hold(region)),
    releaseRestores: told("RestoresReleased", (region) => mishaps.restores.release(region)),
    disableKey: keyTold("KeyDisabled", (region, key) => mishaps.keys.disable(region, key)),
    enableKey: keyTold("KeyEnabled", (region, key) => mishaps.keys.enable(region, key)),
    async damageSnapshot(region, id, relation, database) {
      const { file, instanceResourceId, contents } = world.snapshots.get(region, id);
      if (contents.engine === "mariadb") {
        await damageFile(file, `${database}/${relation}.ibd`, scramble);
      } else {
        const { path, kind } = await fileOf(world, instanceResourceId, relation, database);
        await damageFile(file, path, kind === "i" ? disorder : loseRows);
      }
      const detail = { snapshot: id, relation };
      log.record({ region, service: "rds", operation: "SnapshotDamaged", detail });
    },
  };
}

async function fileOf(
  { inventory }: World,
  resourceId: string,
  relation: string,
  database?: string,
) {
  const instance = inventory.all().find((one) => one.resourceId === resourceId);
  if (!instance) throw new Error(`${resourceId}: the instance of the snapshot is gone`);
  const text =
    "select pg_relation_filepath(oid) as path, relkind as kind from pg_class where oid = $1::regclass";
  const [row] = await instance.host.query(text, [relation], database);
  return { path: String(row?.["path"]), kind: row?.["kind"] };
}
