import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** Who is to be shown needs a page that shows. */
export function shownSomewhere({ topKeys, instances }: Draft): readonly Mistake[] {
  if (topKeys.includes("status")) return [];
  return instances.flatMap(({ index, instance: { status }, doubtful }) => {
    if (!status || doubtful.has("status")) return [];
    const message = "no page shows it: add status: {} to the fleet, or leave it out";
    return [{ path: ["instances", index, "status"], message }];
  });
}
