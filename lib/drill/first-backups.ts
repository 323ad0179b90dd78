import { eventually } from "./eventually.ts";
import type { Stage } from "./stage.ts";

/** A starved machine takes minutes for what a quiet one does in ten seconds. */
const WITHIN_MS = 180_000;

/**
 * Waits until the first backup of every instance that has any is taken: a fleet that has just been deployed takes all of them
 * at once, on two cores beside its own watch. Whoever wants to break a backup under way asks for that by itself.
 */
export async function firstBackupsTaken(
  { fleet, cloud }: Stage,
  progress: (line: string) => void,
): Promise<void> {
  const sold = fleet.instances.filter(({ plan }) => fleet.plans[plan]?.backups);
  if (sold.length === 0) return;
  progress("waiting until the first backups are taken");
  await eventually("the first backups", WITHIN_MS, () => {
    const taken = cloud.ground.log
      .of("StatusChanged")
      .filter(({ detail }) => detail["to"] === "available")
      .map(({ detail }) => String(detail["snapshot"] ?? ""));
    const missing = sold.find(({ id }) => !taken.some((name) => name.startsWith(`sla-${id}-`)));
    if (!missing) return true;
    throw new Error(`${missing.id}: none yet`);
  });
}
