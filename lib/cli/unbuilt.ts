import { type Built, isBuiltFor, traitsOf } from "../sla/engine.ts";
import type { Instance } from "../sla/fleet.ts";
import { UserError } from "./user-error.ts";

/** What commands rest on. */
const NEEDS = {
  adopt: "adopt",
  leave: "adopt",
  recover: "recover",
  "restore-test": "backups",
  download: "dumps",
} as const satisfies Record<string, Built>;

/** @throws UserError for an instance whose engine lacks what a command rests on */
export function refuseUnbuilt({ id, database }: Instance, command: keyof typeof NEEDS): void {
  if (isBuiltFor(database.engine, NEEDS[command])) return;
  const { title } = traitsOf(database.engine);
  throw new UserError(
    `${command}: ${id} is ${title}: this is not built for it; docs/engines.md says what is`,
  );
}
