import { type Action, nameOf } from "../../lib/sla/backups/action.ts";
import type { BackupAnswer, Outcome } from "./contract.ts";

/** One action of this site and what came of it. */
export interface Done {
  readonly action: Action;
  readonly outcome: Outcome;
  /** Absent: it is about backups of a database. */
  readonly of?: "images";
}

/** A function that does not answer is asked again by the next pass. */
export async function asked<T extends Action>(
  actions: readonly T[],
  ask: (actions: readonly T[]) => Promise<BackupAnswer>,
): Promise<readonly Done[]> {
  if (actions.length === 0) return [];
  const outcomes = await ask(actions).then(
    (answer) => answer.outcomes,
    (cause: Error) =>
      actions.map(
        (action): Outcome => ({
          id: nameOf(action),
          answer: "later",
          said: `${cause.name}: ${cause.message}`,
        }),
      ),
  );
  return actions.flatMap((action, index) => {
    const outcome = outcomes[index];
    return outcome ? [{ action, outcome }] : [];
  });
}
