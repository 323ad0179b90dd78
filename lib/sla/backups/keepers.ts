import { isProven, type Shelved } from "./catalogue.ts";
import { isFresh } from "./dated.ts";

/** What is known of an instance's backups in each place; a place that did not answer is absent. */
export type Shelves = ReadonlyMap<string, readonly Shelved[]>;

export interface Surroundings {
  readonly shelves: Shelves;
  /** Regions that have to hold every backup that the plan keeps. */
  readonly places: readonly string[];
  /** Names of copies that are wanted or under way, by where to. */
  readonly missing: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of what places that do not say what they hold may lack. */
  readonly mayLack: ReadonlySet<string>;
  readonly withFiles?: WithFiles;
}

/** Where a plan sells files: which backups of one region have theirs there. */
export interface WithFiles {
  readonly region: string;
  /** Names; absent: nobody says. */
  readonly ids?: ReadonlySet<string>;
}

/**
 * Why a backup that the plan could spare stays nevertheless; undefined if nothing speaks against its deletion. These
 * rules hold whatever the plan says, and whatever else went wrong.
 */
export function whyKept(spare: Shelved, around: Surroundings): string | undefined {
  if (spare.isHeld) return "a person holds it, or has to look at it";
  if (!spare.isTimed) return "the time of its data is not known";
  const here = (around.shelves.get(spare.region) ?? []).filter(isAvailable);
  if (
    isNewest(
      spare,
      here.filter(({ key }) => key === spare.key),
    )
  ) {
    return "the newest under its key: without it the next copy is a full one";
  }
  const files = whyForFiles(spare, here, around.withFiles);
  if (files !== undefined) return files;
  if (isLastVerified(spare, around.shelves)) return "the last whose restore has been proven";
  const silent = around.places.find((place) => !around.shelves.has(place));
  // What is taken for a dump is deleted in an order: copies after their originals, which may lie there.
  if (silent !== undefined && (isFresh(spare) || around.mayLack.has(spare.id))) {
    return `${silent} may lack it, and does not say what it holds`;
  }
  const waiting = around.places.find((place) => around.missing.get(place)?.has(spare.id));
  return waiting === undefined ? undefined : `${waiting} has no copy yet`;
}

export const isAvailable = ({ state }: Shelved): boolean => state === "available";

const isNewest = (one: Shelved, all: readonly Shelved[]) =>
  all.every(({ takenMs }) => takenMs <= one.takenMs);

/** What came after it is only half of what was sold. */
function whyForFiles(
  { id, region, takenMs }: Shelved,
  here: readonly Shelved[],
  withFiles: WithFiles | undefined,
): string | undefined {
  if (withFiles?.region !== region) return undefined;
  const { ids } = withFiles;
  if (!ids) return "nobody says which backups have their files";
  const isLast = !here.some((other) => other.takenMs > takenMs && ids.has(other.id));
  return ids.has(id) && isLast ? "the newest that has its files here" : undefined;
}

/**
 * Of its place, or of all places; by the instant of its test, and by that of its data, for one test in four is of an older backup. One that was
 * refuted afterwards keeps no other from being the last, and stays all the same: it may have been the test that failed.
 */
function isLastVerified(one: Shelved, shelves: Shelves): boolean {
  const { verifiedMs } = one;
  if (verifiedMs === undefined) return false;
  const all = [...shelves.values()].flat().filter(isAvailable);
  const isLast = (of: readonly Shelved[]) =>
    of.every((other) => (other.verifiedMs ?? 0) <= verifiedMs);
  const anywhereOrHere = (of: readonly Shelved[], isIt: (of: readonly Shelved[]) => boolean) =>
    isIt(of) || isIt(of.filter(({ region }) => region === one.region));
  if (anywhereOrHere(all, isLast)) return true;
  if (!isProven(one)) return false;
  const proven = all.filter(isProven);
  return anywhereOrHere(proven, isLast) || anywhereOrHere(proven, (of) => isNewest(one, of));
}
