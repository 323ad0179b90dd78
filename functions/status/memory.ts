import type { Remembered, Shelf, StatusMemory } from "./contract.ts";
import { DAYS_SHOWN } from "./days.ts";
import type { Present } from "./known.ts";

const DAY_MS = 86_400_000;

/** What has to outlive the process: since when each instance is looked at, when nobody could tell, what sites said of backups. */
export function remember(
  before: StatusMemory | undefined,
  present: readonly Present[],
  shelves: ReadonlyMap<string, Shelf>,
  now: Date,
): Omit<StatusMemory, "address"> {
  const oldest = new Date(now.getTime() - (DAYS_SHOWN + 1) * DAY_MS).toISOString();
  return {
    instances: Object.fromEntries(
      present.map((each) => {
        const known = before?.instances[each.instance.id];
        const since = sinceOf(each, known);
        const unseen = gaps(each, known, since, now.toISOString());
        return [each.instance.id, { since, unseen: unseen.filter(isRecent(oldest)) }];
      }),
    ),
    shelves: Object.fromEntries(shelves),
  };
}

/** Roles begin with a deployment, after which it is looked at, and anew with each failover: so the first that was ever seen counts. */
function sinceOf({ roles, incidents }: Present, known: Remembered | undefined): string {
  const all = [roles.since, known?.since, ...incidents.map(({ firstBadAt }) => firstBadAt)];
  return all.flatMap((at) => at ?? []).toSorted()[0] ?? roles.since;
}

type Gap = Remembered["unseen"][number];

function gaps(
  { standing }: Present,
  known: Remembered | undefined,
  since: string,
  now: string,
): readonly Gap[] {
  const all = known?.unseen ?? [];
  const isOpen = all.some(({ to }) => to === undefined);
  if (standing.state !== "unknown") return all.map((gap) => ({ to: now, ...gap }));
  return isOpen ? all : [...all, { from: standing.since ?? since }];
}

const isRecent =
  (oldest: string) =>
  ({ to }: Gap): boolean =>
    to === undefined || to > oldest;
