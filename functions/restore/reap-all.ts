import { inLanes } from "../kernel/lanes.ts";

const LANES = 4;

/** Does away with what a crash has left. One that cannot go keeps none of the others; what kept the first is thrown once all were tried. */
export async function reapAll(
  names: readonly string[],
  remove: (name: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const tried = await inLanes(LANES, names, (name) =>
    remove(name).then(
      () => [],
      (cause: unknown) => [cause],
    ),
  );
  const failures = tried.flat();
  if (failures.length > 0) throw failures[0];
  return names;
}
