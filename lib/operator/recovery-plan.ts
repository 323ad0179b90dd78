import type { Lack } from "../../functions/prepared/contract.ts";
import type { RecoverRequest } from "../../functions/recover/contract.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles } from "../sla/roles.ts";
import type { Outlook } from "./foresee.ts";
import type { Candidate } from "./recover-candidates.ts";

/** A recovery that could begin now. */
export interface RecoveryPlan extends Outlook, ChosenRecovery {
  readonly instance: Instance;
  readonly roles: Roles;
  /** Where it would run, and restore. */
  readonly region: string;
  /** Of the execution. */
  readonly name: string;
  readonly request: RecoverRequest;
  /** ISO 8601: what was written from the chosen instant up to this one is lost. */
  readonly lostUntil: string;
  /** What the region lacked at its last look, of all that is needed there. */
  readonly lacks: readonly Lack[];
}

/** What is asked for, and what it would be restored from. */
export interface ChosenRecovery {
  readonly request: RecoverRequest;
  readonly chosen: Candidate;
  readonly because: string;
  /** All that there are, the best first; where one is gone on with only its own. */
  readonly candidates: readonly Candidate[];
  /** Sites that do not answer, be it their ledger or what lists backups. */
  readonly silent: readonly string[];
}
