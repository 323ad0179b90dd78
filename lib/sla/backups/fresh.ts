import type { Copy, Take, Verify } from "./action.ts";
import { backupId, type Shelved } from "./catalogue.ts";
import { isFresh } from "./dated.ts";
import { type FreshStage, freshStage } from "./fresh-stage.ts";
import { isAvailable, type Shelves } from "./keepers.ts";
import { hasEnded, testsUnderWay } from "./restore-tests.ts";
import { FRESH, FRESH_WITHIN_MS, type FreshWish, TAKEN_WITHIN_MS } from "./schedule.ts";

/** What a wish for a dump of now is carried out by. */
export interface Wished {
  readonly instance: string;
  readonly epoch: number;
  readonly primary: { readonly region: string; readonly database: string };
  /** Region in which dumps are made; absent: none can be. */
  readonly dumpedIn?: string;
  readonly fresh?: FreshWish;
}

/** What has to be done now for it, if anything, and whether more will have to be. */
export interface FreshWork {
  readonly take?: Take;
  readonly copy?: Copy;
  readonly test?: Verify;
  readonly isWaiting: boolean;
}

const WHY = "a person asked for a fresh dump";

/** One backup, one copy of it where dumps are made, and one restore test of that, which freezes it. */
export function freshWork(wished: Wished, shelves: Shelves, nowMs: number): FreshWork {
  const { dumpedIn, fresh } = wished;
  if (!fresh || dumpedIn === undefined) return { isWaiting: false };
  const stage = freshStage([...shelves.values()].flat(), { ...fresh, frozenIn: dumpedIn }, nowMs);
  return { ...actionAt(stage, { ...wished, dumpedIn, fresh }, shelves, nowMs), ...isOpen(stage) };
}

const isOpen = ({ kind }: FreshStage) => ({
  isWaiting: kind !== "frozen" && kind !== "refuted" && kind !== "given-up",
});

type Certain = Wished & Required<Pick<Wished, "dumpedIn" | "fresh">>;

function actionAt(
  stage: FreshStage,
  wished: Certain,
  shelves: Shelves,
  nowMs: number,
): Omit<FreshWork, "isWaiting"> {
  const { dumpedIn, primary } = wished;
  if (stage.kind === "wanted") return shelves.has(primary.region) ? { take: takeFor(wished) } : {};
  if (stage.kind === "taken") {
    const { backup } = stage;
    const copy = { kind: "copy", from: backup.region, to: dumpedIn, backup, because: WHY } as const;
    return shelves.has(dumpedIn) ? { copy } : {};
  }
  // Of an instance one test at a time: two restores count twice against the quota.
  if (stage.kind !== "there" || testsUnderWay([...shelves.values()].flat(), nowMs).length > 0) {
    return {};
  }
  const { backup } = stage;
  return { test: { kind: "verify", region: dumpedIn, backup, because: WHY } };
}

function takeFor({ instance, epoch, primary, fresh: { askedMs } }: Certain): Take {
  const id = backupId(instance, askedMs, epoch);
  const { region, database } = primary;
  const what = { instance, region, database, id, tickMs: askedMs, epoch, schedules: [FRESH] };
  return { kind: "take", ...what, because: WHY };
}

/**
 * Those of a place that nobody waits for any more, with why. None goes before the time is over in which it would be taken again, and no copy
 * before its original, from which it would be copied again.
 */
export function spareFresh(
  shelf: readonly Shelved[],
  shelves: Shelves,
  dumpedIn: string | undefined,
  nowMs: number,
): readonly { readonly backup: Shelved; readonly because: () => string }[] {
  // Of ten thousand instances hardly any has one.
  return shelf.filter(isFresh).flatMap((backup) => {
    const all = [...shelves.values()].flat();
    const others = all.filter(({ id }) => id === backup.id);
    const ageMs = nowMs - backup.tickMs;
    const isNeeded =
      ageMs < TAKEN_WITHIN_MS ||
      testsUnderWay(others, nowMs).length > 0 ||
      (backup.isCopy && others.some(({ isCopy }) => !isCopy));
    if (!isAvailable(backup) || isNeeded) return [];
    const tested = others.find(({ region }) => region === dumpedIn);
    const isOver = tested !== undefined && hasEnded(tested);
    const because = () =>
      isOver
        ? "its fresh dump was made, or failed"
        : "nobody waits for a fresh dump of it any more";
    return isOver || ageMs >= FRESH_WITHIN_MS ? [{ backup, because }] : [];
  });
}
