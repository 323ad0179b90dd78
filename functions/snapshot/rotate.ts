import { shelved } from "../../lib/sla/backups/catalogue.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { BackupAnswer, Outcome } from "../reconcile/contract.ts";
import type { RotateRequest } from "./contract.ts";
import type { Removing } from "./ports.ts";

const LANES = 4;

type Deletion = RotateRequest["deletions"][number];

/**
 * Deletes what it is told to, after a last look at each: it must be ours, of that instance, as it was seen, and held by nobody.
 * Never rejects for one.
 */
export const rotate = async (
  { deletions }: RotateRequest,
  snapshots: Removing,
): Promise<BackupAnswer> => ({
  outcomes: await inLanes(LANES, deletions, (each) =>
    deletion(each, snapshots).catch((cause: Error) => ({
      ...({ id: each.id, answer: "later" } as const),
      said: `${cause.name}: ${cause.message}`,
    })),
  ),
});

async function deletion({ id, instance, state }: Deletion, snapshots: Removing): Promise<Outcome> {
  const listed = await snapshots.look(id);
  if (!listed || listed.status === "deleting") return { id, answer: "already" };
  const now = shelved(listed);
  if (now?.instance !== instance) {
    return {
      id,
      answer: "refused",
      said: `its tags do not say that it is a backup of ${instance}`,
    };
  }
  if (now.isHeld) return { id, answer: "refused", said: "a person holds it, or has to look at it" };
  if (now.state !== state) return { id, answer: "later", said: `it is ${listed.status} by now` };
  return snapshots.remove(id);
}
