import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import { isFresh } from "../../lib/sla/backups/dated.ts";
import type { Begun, Picked } from "./case.ts";
import { nameOfTest, TEST_PREFIX } from "./contract.ts";
import { fitBackup } from "./fit.ts";
import { instanceOf, type RestoreWorld } from "./world.ts";

/** Sees that the backup is one, and tags it as under test; a repeat finds the same names. */
export async function pick(world: RestoreWorld, begun: Begun): Promise<Picked> {
  const { request, execution, startedAt } = begun;
  const { id, database } = instanceOf(world, request.instance);
  const listed = await world.shelf.look(request.backup);
  const backup = fitBackup(listed, { ...request, instance: id }, world.region);
  const stamp = startedAt.replace(/\D/g, "").slice(2, 14);
  await world.shelf.tag(backup.id, { [TAGS.tested]: startedAt });
  return {
    ...begun,
    name: nameOfTest(execution),
    // 40 characters of an instance fit: RDS takes 63.
    database: `${TEST_PREFIX}${id}-${stamp}`,
    takenAt: new Date(backup.takenMs).toISOString(),
    databaseName: database.name,
    ...(isFresh(backup) && { forDump: true }),
  };
}
