import { type Clause, GRACE_MS, type Observed, type Violation } from "./clause.ts";
import type { Life } from "./history.ts";

/** When backups were due, in order, and how long one takes. */
interface Due {
  readonly due: readonly number[];
  readonly durationMs: number;
}

/** From one change of what is live to the next. */
interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of its data: of the newest that is live. */
  readonly takenMs: number;
}

const MINUTE_MS = 60_000;

/**
 * Whether the newest backup was ever older than the longest scheduled gap, the backup's own duration and the grace; ages in
 * minutes. Judged from when the first one is due to be there.
 */
export function checkNewest(
  { due, durationMs }: Due,
  lives: readonly Life[],
  { untilMs }: Observed,
): { readonly clause: Clause; readonly violations: readonly Violation[] } {
  const [firstMs = untilMs] = due;
  const gapMs = Math.max(
    0,
    ...due.slice(1).map((tickMs, index) => tickMs - (due[index] ?? tickMs)),
  );
  const mostMs = gapMs + durationMs + GRACE_MS;
  const judgedMs = firstMs + durationMs + GRACE_MS;
  // Nothing before the first is judged: as if one had been taken in time.
  const spells = spellsOf(lives, firstMs - gapMs, untilMs).filter(({ toMs }) => toMs > judgedMs);
  const oldest = spells.reduce<Spell | undefined>(older, undefined);
  const violations = spells
    .flatMap((spell) => violationOf(spell, mostMs, lives))
    .reduce(joined, []);
  const ok = violations.length === 0;
  const ageMs = oldest ? oldest.toMs - oldest.takenMs : 0;
  return {
    clause: {
      ...{ name: "newest", ok },
      worst: oldest ? Math.round(ageMs / MINUTE_MS) : null,
      margin: oldest ? Math.round((mostMs - ageMs) / MINUTE_MS) : null,
      atMs: oldest?.toMs ?? null,
    },
    violations,
  };
}

const older = (one: Spell | undefined, other: Spell): Spell =>
  one && one.toMs - one.takenMs >= other.toMs - other.takenMs ? one : other;

/** Along all changes; before the first one, and where none is left, it is as old as `beforeMs`. */
function spellsOf(lives: readonly Life[], beforeMs: number, untilMs: number): readonly Spell[] {
  const live = new Live();
  const changes = lives.flatMap((life) => [
    { ms: life.availableMs, happens: () => live.add(life) },
    { ms: life.removedMs ?? untilMs, happens: () => live.remove(life) },
  ]);
  changes.sort((one, other) => one.ms - other.ms);
  const found: Spell[] = [];
  let fromMs = beforeMs;
  for (const { ms, happens } of [...changes, { ms: untilMs, happens: () => {} }]) {
    const toMs = Math.min(ms, untilMs);
    if (toMs > fromMs) found.push({ fromMs, toMs, takenMs: live.newest?.takenMs ?? beforeMs });
    fromMs = Math.max(fromMs, toMs);
    happens();
  }
  return found;
}

class Live {
  newest: Life | undefined;
  readonly #all = new Set<Life>();

  add(life: Life): void {
    this.#all.add(life);
    this.newest = newer(this.newest, life);
  }

  remove(life: Life): void {
    this.#all.delete(life);
    if (life === this.newest) this.newest = [...this.#all].reduce(newer, undefined);
  }
}

const newer = (one: Life | undefined, other: Life): Life | undefined =>
  one && one.takenMs >= other.takenMs ? one : other;

function violationOf({ fromMs, toMs, takenMs }: Spell, mostMs: number, lives: readonly Life[]) {
  const brokenMs = Math.max(fromMs, takenMs + mostMs);
  if (brokenMs >= toMs) return [];
  const wasNewer = lives.some((life) => life.takenMs > takenMs && life.availableMs <= brokenMs);
  const detail = `older than ${Math.floor(mostMs / 3_600_000)} h ${Math.round((mostMs % 3_600_000) / MINUTE_MS)} min`;
  return [{ clause: "newest", fromMs: brokenMs, toMs, avoidable: wasNewer, detail }];
}

/** What breaks on while older ones go is one violation. */
function joined(all: readonly Violation[], next: Violation): readonly Violation[] {
  const last = all.at(-1);
  if (last?.toMs !== next.fromMs || last.avoidable !== next.avoidable) return [...all, next];
  return [...all.slice(0, -1), { ...last, toMs: next.toMs }];
}
