import { shelved, TAGS } from "../../lib/sla/backups/catalogue.ts";
import { isFresh } from "../../lib/sla/backups/dated.ts";
import type { Begun, Picked } from "./case.ts";
import { TEST_PREFIX } from "./contract.ts";
import { fail } from "./errors.ts";
import { instanceOf, type RestoreWorld } from "./world.ts";

/** Sees that the backup is one, and tags it as under test; a repeat finds the same names. */
export async function pick(world: RestoreWorld, begun: Begun): Promise<Picked> {
  const { request, execution, startedAt } = begun;
  const { id, database } = instanceOf(world, request.instance);
  const listed = await world.shelf.look(request.backup);
  const backup = listed && shelved(listed);
  if (!listed || backup?.instance !== id) {
    const what = listed ? `its tags do not say that it is a backup of ${id}` : "it is not there";
    return fail("BackupUnfit", `${request.backup} in ${world.region}: ${what}`);
  }
  if (backup.state !== "available") {
    return fail("BackupUnfit", `${backup.id} in ${world.region} is ${listed.status}`);
  }
  const stamp = startedAt.replace(/\D/g, "").slice(2, 14);
  await world.shelf.tag(backup.id, { [TAGS.tested]: startedAt });
  return {
    ...begun,
    name: execution.slice(execution.lastIndexOf(":") + 1),
    // 40 characters of an instance fit: RDS takes 63.
    database: `${TEST_PREFIX}${id}-${stamp}`,
    takenAt: new Date(backup.takenMs).toISOString(),
    databaseName: database.name,
    ...(isFresh(backup) && { forDump: true }),
  };
}
