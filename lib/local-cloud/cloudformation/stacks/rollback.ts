import { creatorOf } from "../kinds/all.ts";
import { messageOf } from "../refusal.ts";
import type { Journal } from "./journal.ts";
import type { Held } from "./record.ts";
import { inRemovalOrder, removeEach } from "./removal.ts";
import { type Bench, creationOf } from "./workshop.ts";

/** What an operation has done to one resource: enough to take it back. */
export interface Step {
  readonly before: Held | undefined;
  readonly after: Held;
}

const isReplaced = ({ before, after }: Step) =>
  before !== undefined && before.created.ref !== after.created.ref;

/** After an update: what was replaced and what the draft no longer has. What cannot be removed is left, as on AWS. */
export async function cleanUp(
  bench: Bench,
  journal: Journal,
  wanted: ReadonlyMap<string, unknown>,
  steps: readonly Step[],
): Promise<void> {
  const { stack } = bench;
  const replaced = steps.filter(isReplaced).flatMap(({ before }) => before ?? []);
  await removeEach(bench, journal, replaced.toReversed(), "UpdateReplacePolicy");
  const gone = [...stack.held.values()].filter(({ logicalId }) => !wanted.has(logicalId));
  await removeEach(bench, journal, inRemovalOrder(gone, stack.draft), "DeletionPolicy");
  for (const { logicalId } of gone) stack.held.delete(logicalId);
}

export async function rollBackCreation(
  bench: Bench,
  journal: Journal,
  reason: string,
): Promise<void> {
  const { stack } = bench;
  journal.stack("ROLLBACK_IN_PROGRESS", `${reason} Rollback requested by user.`);
  const all = inRemovalOrder([...stack.held.values()], stack.draft);
  const left = await removeEach(bench, journal, all, "DeletionPolicy");
  for (const { logicalId } of all) if (!left.includes(logicalId)) stack.held.delete(logicalId);
  if (left.length === 0) journal.stack("ROLLBACK_COMPLETE");
  else
    journal.stack(
      "ROLLBACK_FAILED",
      `The following resource(s) failed to delete: [${left.join(", ")}].`,
    );
}

export async function rollBackUpdate(
  bench: Bench,
  journal: Journal,
  steps: readonly Step[],
  reason: string,
): Promise<void> {
  journal.stack("UPDATE_ROLLBACK_IN_PROGRESS", reason);
  const failed: string[] = [];
  for (const step of steps.toReversed()) {
    if (!(await isRestored(bench, journal, step))) failed.push(step.after.logicalId);
  }
  if (failed.length > 0) {
    const which = `The following resource(s) failed to update: [${failed.join(", ")}].`;
    journal.stack("UPDATE_ROLLBACK_FAILED", which);
    return;
  }
  journal.stack("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
  const made = steps.filter((step) => !step.before || isReplaced(step)).map(({ after }) => after);
  await removeEach(bench, journal, made.toReversed(), "DeletionPolicy");
  journal.stack("UPDATE_ROLLBACK_COMPLETE");
}

async function isRestored(bench: Bench, journal: Journal, step: Step): Promise<boolean> {
  const { before, after } = step;
  const { held } = bench.stack;
  if (!before) return held.delete(after.logicalId);
  const { logicalId, definition, properties } = before;
  const about = { logicalId, type: definition.Type, physicalId: before.created.ref };
  try {
    // What was replaced is still there; what was changed has to be changed back.
    if (!isReplaced(step)) {
      journal.resource("UPDATE_IN_PROGRESS", about);
      await creatorOf(definition.Type)(creationOf(bench, logicalId, definition, properties, after));
    }
    held.set(logicalId, before);
    journal.resource("UPDATE_COMPLETE", about);
    return true;
  } catch (cause) {
    journal.resource("UPDATE_FAILED", { ...about, reason: messageOf(cause) });
    return false;
  }
}
