import { creationOrder } from "../order.ts";
import { messageOf } from "../refusal.ts";
import { Journal } from "./journal.ts";
import type { Draft, Held } from "./record.ts";
import { removerOf } from "./removers.ts";
import type { Bench } from "./workshop.ts";

type Policy = "DeletionPolicy" | "UpdateReplacePolicy";

/** Whatever names another goes before it. */
export function inRemovalOrder(all: readonly Held[], draft: Draft | undefined): readonly Held[] {
  const order = new Map(creationOrder(draft?.template ?? {}).map((id, place) => [id, place]));
  const placeOf = ({ logicalId }: Held) => order.get(logicalId) ?? Number.MAX_SAFE_INTEGER;
  return all.toSorted((a, b) => placeOf(b) - placeOf(a));
}

/** Removes all that its policy does not retain. Returns the logical ids of those that cannot be removed. */
export async function removeEach(
  bench: Bench,
  journal: Journal,
  all: readonly Held[],
  policy: Policy,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const held of all)
    if (!(await isRemoved(bench, journal, held, policy))) left.push(held.logicalId);
  return left;
}

async function isRemoved(
  bench: Bench,
  journal: Journal,
  held: Held,
  policy: Policy,
): Promise<boolean> {
  const { logicalId, definition, created } = held;
  const about = { logicalId, type: definition.Type, physicalId: created.ref };
  if (definition[policy]?.startsWith("Retain")) {
    journal.resource("DELETE_SKIPPED", about);
    return true;
  }
  journal.resource("DELETE_IN_PROGRESS", about);
  try {
    await removerOf(definition.Type)?.(bench, held);
    journal.resource("DELETE_COMPLETE", about);
    return true;
  } catch (cause) {
    if (isGone(cause)) {
      journal.resource("DELETE_COMPLETE", about);
      return true;
    }
    journal.resource("DELETE_FAILED", { ...about, reason: messageOf(cause) });
    return false;
  }
}

/** What somebody else has deleted meanwhile. */
const isGone = (cause: unknown): boolean =>
  cause instanceof Error && /NotFound|NoSuch|DoesNotExist/.test(cause.name);

/** Deletes a whole stack; it is over when its status says so. */
export async function remove(bench: Bench): Promise<void> {
  const { stack } = bench;
  const journal = new Journal(stack);
  journal.stack("DELETE_IN_PROGRESS", "User Initiated");
  const all = inRemovalOrder([...stack.held.values()], stack.draft);
  const left = await removeEach(bench, journal, all, "DeletionPolicy");
  for (const { logicalId } of all) if (!left.includes(logicalId)) stack.held.delete(logicalId);
  if (left.length > 0) {
    journal.stack(
      "DELETE_FAILED",
      `The following resource(s) failed to delete: [${left.join(", ")}].`,
    );
    return;
  }
  stack.deletedAt = new Date();
  journal.stack("DELETE_COMPLETE");
}
