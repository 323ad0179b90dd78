import type { Outcome } from "../reconcile/contract.ts";
import { answered, errorName } from "./cloud-errors.ts";

/**
 * By the fault's name. Others that RDS blames on its caller (a key that is disabled, a quota, a permission) need a person, and no
 * repeat does any harm: the next pass asks again.
 */
const ANSWERS: Readonly<Record<string, Outcome["answer"]>> = {
  DBSnapshotAlreadyExistsFault: "already",
  DBSnapshotNotFoundFault: "already",
  InvalidDBInstanceAutomatedBackupStateFault: "already",
  InvalidDBInstanceStateFault: "later",
  InvalidDBSnapshotStateFault: "later",
  // EC2 names its own so.
  "InvalidAMIName.Duplicate": "already",
  "InvalidAMIID.NotFound": "already",
  "InvalidAMIID.Unavailable": "already",
  "InvalidSnapshot.NotFound": "already",
  "InvalidSnapshot.InUse": "later",
  IncorrectInstanceState: "later",
  ResourceLimitExceeded: "later",
};

/** What came of a change to backups: never rejects for what RDS says to it. */
export async function outcome(id: string, doing: string, call: Promise<unknown>): Promise<Outcome> {
  try {
    await answered(doing, call);
    return { id, answer: "accepted" };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const answer = ANSWERS[errorName(cause) ?? ""] ?? (isCallers(cause) ? "refused" : "later");
    return { id, answer, said: `${cause.name}: ${cause.message}` };
  }
}

const isCallers = (cause: Error): boolean =>
  (cause as { readonly $fault?: string }).$fault === "client" || cause.name === "CloudRefused";
