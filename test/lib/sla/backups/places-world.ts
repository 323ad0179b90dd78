import { type Action, type Copy, placeOf, type Take } from "../../../../lib/sla/backups/action.ts";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import type { Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import type { Life } from "../../../../lib/sla/backups/history.ts";
import { type Desired, reconcile } from "../../../../lib/sla/backups/reconcile.ts";

const HOUR_MS = 3_600_000;
const TAKE_MS = HOUR_MS / 4;
/** Longer than from one pass to the next. */
const COPY_MS = 5 * HOUR_MS;
/** Between two passes of a place; each has its own minute. */
const PASS_MS = 3 * HOUR_MS;

interface Stored extends Shelved {
  readonly readyMs: number;
}

interface Gone extends Stored {
  readonly removedMs: number;
  readonly byUs: boolean;
}

/** The shelves of several places over months, each looked after by its own passes: decisions alone, nothing of a cloud. */
export class PlacesWorld {
  desired: Desired;
  nowMs: number;
  /** Do not answer, and decide nothing. */
  readonly silent = new Set<string>();
  /** Their next copies fail. */
  readonly failing = new Set<string>();
  /** Whether backups cannot be taken. */
  isUnavailable = false;
  /** Copies of what the same place had and rotated away: instant, place, name. */
  readonly churn: string[] = [];
  /** How many copies were begun, by place. */
  readonly copied = new Map<string, number>();
  readonly #calendar: ZoneCalendar;
  #stored: readonly Stored[] = [];
  readonly #gone: Gone[] = [];
  readonly #held = new Set<string>();
  /** Names of what each place has rotated away. */
  readonly #rotated = new Map<string, Set<string>>();

  constructor(desired: Desired, timezone: string, fromMs: number) {
    this.desired = desired;
    this.#calendar = new ZoneCalendar(timezone);
    this.nowMs = fromMs;
  }

  run(hours: number): void {
    const untilMs = this.nowMs + hours * HOUR_MS;
    while (this.nowMs < untilMs) {
      for (const [index, place] of this.desired.places.entries()) {
        const atMs = this.nowMs + (index + 1) * 25 * 60_000;
        if (!this.silent.has(place)) this.#pass(place, atMs);
      }
      this.nowMs += PASS_MS;
    }
  }

  /** A person holds one of those that lie there. */
  hold(place: string, index: number): void {
    const id = this.available(place).at(index);
    if (id !== undefined) this.#held.add(`${place} ${id}`);
  }

  release(): void {
    this.#held.clear();
  }

  /** By a fault: whatever it had before may come again. */
  lose(place: string, isLost: (index: number) => boolean = () => true): void {
    const lost = this.available(place).filter((_, index) => isLost(index));
    for (const id of lost) this.#drop(place, id, this.nowMs, false);
    this.#rotated.delete(place);
  }

  /** Names of what can be restored there, oldest first. */
  available(place: string): readonly string[] {
    return this.#stored
      .filter(({ region, readyMs }) => region === place && readyMs <= this.nowMs)
      .toSorted((one, other) => one.takenMs - other.takenMs)
      .map(({ id }) => id);
  }

  lives(place: string): readonly (Life & { readonly byUs: boolean })[] {
    const all: readonly (Stored & Partial<Gone>)[] = [...this.#stored, ...this.#gone];
    return all
      .filter(({ region, state }) => region === place && state !== "failed")
      .map(({ id, takenMs, readyMs, schedules, removedMs, byUs = false }) => ({
        ...{ id, takenMs, availableMs: readyMs, schedules, byUs },
        ...(removedMs !== undefined && { removedMs }),
      }));
  }

  #pass(place: string, atMs: number): void {
    const { places } = this.desired;
    const shelves = new Map(
      places
        .filter((each) => !this.silent.has(each))
        .map((each) => [each, this.#shelf(each, atMs)] as const),
    );
    const observed = { shelves, untagged: new Map() };
    const { actions } = reconcile(this.desired, observed, this.#calendar, atMs);
    for (const action of actions) {
      if (placeOf(action) === place) this.#carryOut(action, atMs);
    }
  }

  #carryOut(action: Action, atMs: number): void {
    if (action.kind === "take") this.#take(action, atMs);
    if (action.kind === "copy") this.#copy(action, atMs);
    if (action.kind === "delete") this.#rotate(action.backup, atMs);
    if (action.kind === "verify") this.#prove(action.region, action.backup.id, atMs);
  }

  #shelf(place: string, atMs: number): readonly Shelved[] {
    return this.#stored
      .filter(({ region }) => region === place)
      .map(({ readyMs, ...backup }) => ({
        ...backup,
        isHeld: this.#held.has(`${place} ${backup.id}`),
        // As RDS shows what is on its way: nobody knows yet of when it is.
        ...(readyMs > atMs &&
          backup.state !== "failed" && {
            ...{ state: "making", isTimed: false, takenMs: backup.tickMs },
          }),
      }));
  }

  #take(one: Take, atMs: number): void {
    if (this.isUnavailable) return;
    const { id, instance, region, tickMs, epoch, schedules } = one;
    this.#store({
      ...{ id, instance, region, tickMs, epoch, schedules, takenMs: atMs, readyMs: atMs + TAKE_MS },
      ...{ state: "available", isCopy: false, isTimed: true, isHeld: false },
    });
  }

  #copy({ backup, to, because }: Copy, atMs: number): void {
    if (!/ lacks it: \w/.test(because))
      throw new Error(`${backup.id}: nobody says why it is copied`);
    if (this.#rotated.get(to)?.has(backup.id)) {
      this.churn.push(`${new Date(atMs).toISOString()} ${to} ${backup.id}`);
    }
    this.copied.set(to, (this.copied.get(to) ?? 0) + 1);
    const { testedMs, verifiedMs, refutedMs, ...data } = backup;
    this.#store({
      ...{ ...data, region: to, isCopy: true, isHeld: false, readyMs: atMs + COPY_MS },
      state: this.failing.delete(to) ? "failed" : "available",
    });
  }

  #store(one: Stored): void {
    const { id, region } = one;
    // As RDS would: the name is taken.
    if (this.#stored.some((each) => each.id === id && each.region === region)) return;
    this.#stored = [...this.#stored, one];
  }

  #prove(place: string, id: string, atMs: number): void {
    this.#stored = this.#stored.map((each) =>
      each.region === place && each.id === id
        ? { ...each, testedMs: atMs, verifiedMs: atMs + HOUR_MS }
        : each,
    );
  }

  #rotate({ id, region, state }: Shelved, atMs: number): void {
    this.#drop(region, id, atMs, true);
    if (state === "failed") return;
    this.#rotated.set(region, (this.#rotated.get(region) ?? new Set()).add(id));
  }

  #drop(place: string, id: string, atMs: number, byUs: boolean): void {
    const isIt = (each: Stored) => each.region === place && each.id === id;
    this.#gone.push(
      ...this.#stored.filter(isIt).map((each) => ({ ...each, removedMs: atMs, byUs })),
    );
    this.#stored = this.#stored.filter((each) => !isIt(each));
  }
}
