import type { Admitted, Begun } from "./case.ts";

/** Last part of an execution's ARN. */
export const nameOf = (executionArn: string): string =>
  executionArn.slice(executionArn.lastIndexOf(":") + 1);

/** Of the notes of a failover: of the one it goes on with if it does, so that an incident's notes lie in one place. */
export const folderOf = (current: Begun | Admitted): string =>
  "id" in current ? current.id : (current.request.continues ?? nameOf(current.execution));
