import { soldFilestore } from "../../lib/sla/backups/filestore.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";
import type { FilesFound } from "./links.ts";
import type { Pairs } from "./ports.ts";

/** Which files a link to a dump leads to as well. Nobody is asked where none are sold. */
export async function filesFor(
  pairs: Pairs,
  fleet: Pick<Fleet, "plans">,
  instance: Instance,
  backup: string,
): Promise<FilesFound> {
  if (soldFilestore(fleet, instance) === undefined) return "none";
  return (await pairs(instance.id, backup)) ?? "missing";
}

/** For whoever may not list: what is not there answers like what is forbidden. */
export const unlisted =
  (pairs: Pairs): Pairs =>
  async (instance, backup) => {
    try {
      return await pairs(instance, backup);
    } catch (cause) {
      if (cause instanceof SlaError && cause.code === "CloudRefused") return undefined;
      throw cause;
    }
  };
