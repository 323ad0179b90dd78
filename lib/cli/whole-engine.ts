import { traitsOf } from "../sla/engine.ts";
import type { Instance } from "../sla/fleet.ts";
import { UserError } from "./user-error.ts";

/** @throws UserError for an instance whose engine is failed over and nothing more */
export function refuseUnbuilt({ id, database }: Instance, command: string): void {
  const { title, isWhole } = traitsOf(database.engine);
  if (isWhole) return;
  throw new UserError(
    `${command}: ${id} is ${title}: this is built for PostgreSQL only; docs/engines.md says what holds for ${title}`,
  );
}
