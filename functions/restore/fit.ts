import { type Listed, type Shelved, shelved } from "../../lib/sla/backups/catalogue.ts";
import type { RestoreTestRequest } from "./contract.ts";
import { fail } from "./errors.ts";

/** What is listed under that name, if it is a backup of the instance that can be restored. */
export function fitBackup(
  listed: Listed | undefined,
  { backup: id, instance }: Pick<RestoreTestRequest, "backup" | "instance">,
  region: string,
): Shelved {
  const backup = listed && shelved(listed);
  if (!listed || backup?.instance !== instance) {
    const what = listed
      ? `its tags do not say that it is a backup of ${instance}`
      : "it is not there";
    return fail("BackupUnfit", `${id} in ${region}: ${what}`);
  }
  if (backup.state === "available") return backup;
  return fail("BackupUnfit", `${backup.id} in ${region} is ${listed.status}`);
}
