import { UserError } from "../cli/user-error.ts";
import type { InstanceStatus } from "./instance-status.ts";

/** Throws UserError: nobody looks after an instance that has left, so nothing is begun for it either. */
export function refuseLeft({ instance, roles }: Pick<InstanceStatus, "instance" | "roles">): void {
  if (roles?.leftAt === undefined) return;
  throw new UserError(
    `${instance}: it left at ${roles.leftAt}; sla leave ${instance} --undo --reason '…' takes that back first`,
    1,
  );
}
