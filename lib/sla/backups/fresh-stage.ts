import type { Shelved } from "./catalogue.ts";
import { isFresh } from "./dated.ts";
import { isAvailable } from "./keepers.ts";
import { hasEnded, TEST_ENDS_WITHIN_MS } from "./restore-tests.ts";
import { FRESH_WITHIN_MS, type FreshWish, TAKEN_WITHIN_MS } from "./schedule.ts";

/** How far a dump of now has come. */
export type FreshStage =
  /** Nothing has been taken for it yet. */
  | { readonly kind: "wanted" | "given-up" }
  /** `taken`: it has to be copied to where dumps are made. `there`: it has to be restored there. */
  | {
      readonly kind: "taking" | "taken" | "copying" | "there" | "testing" | "frozen" | "refuted";
      readonly backup: Shelved;
    };

interface Dumped extends FreshWish {
  /** Region in which it is made. */
  readonly frozenIn: string;
}

/** By what the backups say of themselves: whoever looks, and whenever, finds the same. */
export function freshStage(
  all: readonly Shelved[],
  { askedMs, frozenIn }: Dumped,
  nowMs: number,
): FreshStage {
  const its = all.filter(
    (each) => isFresh(each) && each.tickMs === askedMs && each.state !== "failed",
  );
  const here = its.find(({ region }) => region === frozenIn);
  const ageMs = nowMs - askedMs;
  const isOver = ageMs >= FRESH_WITHIN_MS && !(here && hasEnded(here));
  if (isOver) return { kind: "given-up" };
  return here ? { kind: kindHere(here, nowMs), backup: here } : elsewhere(its, ageMs);
}

function kindHere(here: Shelved, nowMs: number) {
  if (hasEnded(here)) return isRefuted(here) ? "refuted" : "frozen";
  if (here.testedMs !== undefined) {
    return nowMs - here.testedMs < TEST_ENDS_WITHIN_MS ? "testing" : "refuted";
  }
  if (isRestorable(here)) return "there";
  return here.isCopy ? "copying" : "taking";
}

function elsewhere(its: readonly Shelved[], ageMs: number): FreshStage {
  // From the original: a copy of a copy is never incremental.
  const [source] = its.toSorted((one, other) => Number(one.isCopy) - Number(other.isCopy));
  if (source) return { kind: isRestorable(source) ? "taken" : "taking", backup: source };
  return { kind: ageMs < TAKEN_WITHIN_MS ? "wanted" : "given-up" };
}

const isRestorable = (backup: Shelved) => isAvailable(backup) && backup.isTimed;

/** What fails only at the dump is proven as well, and no dump. */
const isRefuted = ({ refutedMs = 0, testedMs = 0 }: Shelved) => refutedMs >= testedMs;
