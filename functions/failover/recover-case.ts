import type { Roles } from "../../lib/sla/roles.ts";
import type { RecoverRequest } from "../recover/contract.ts";
import type { Admitted, Underway } from "./case.ts";
import type { RestorePoint } from "./ports.ts";

export type RecoverBegun = Underway<RecoverRequest>;

/** `before.standby` is the seat of what is restored, so that all that a failover does behind its promotion is done for it. */
export interface RecoverAdmitted extends Admitted {
  readonly request: RecoverRequest;
  readonly restored: Restored;
}

/** `failovers/<instance>/<id>/admit.json` holds it, beside the roles: who goes on with this goes on with the same point. */
export interface Restored {
  readonly point: RestorePoint;
  /** The roles as they were. */
  readonly roles: Roles;
}

export interface Opened extends RecoverAdmitted {
  readonly endpoint: string;
  readonly port: number;
  readonly masterUsername: string;
}

export interface AdoptedCase extends Opened {
  readonly horizon: string;
}

export const isRecovery = (current: object): current is { readonly restored: Restored } =>
  "restored" in current;

export function pointInWords(point: RestorePoint): string {
  if (point.from === "backup") return `backup ${point.id} of ${point.at}`;
  const least = point.isNewest ? "at least " : "";
  return `logs${point.database === undefined ? " replicated here" : ""} up to ${least}${point.at}`;
}
