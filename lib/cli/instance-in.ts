import type { Fleet, Instance } from "../sla/fleet.ts";
import { UserError } from "./user-error.ts";

/** The instance of this id. Throws UserError that names those there are. */
export function instanceIn({ instances }: Fleet, id: string): Instance {
  const found = instances.find((each) => each.id === id);
  if (found) return found;
  const known = instances.map((each) => each.id).join(", ");
  throw new UserError(`the fleet has no '${id}'; it has ${known}`);
}
