import { Calendar } from "./calendar.ts";
import { type FiringOptions, fire } from "./firing.ts";
import { type Schedule, timetable } from "./schedule.ts";

/** setTimeout takes 31 bits of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * On AWS a rate counts from the instant its schedule was created, and no two are created at once. All in the
 * same slots would give a laptop its whole work at one instant and nothing between.
 */
const LONGEST_SPREAD_MS = 2000;

/** Fires schedules while it runs. */
export class Clockwork {
  readonly #options: FiringOptions;
  readonly #timers = new Map<Schedule, NodeJS.Timeout>();
  #stop: AbortController | undefined;

  constructor(options: FiringOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#stop !== undefined;
  }

  start(schedules: Iterable<Schedule>): void {
    if (this.#stop) return;
    this.#stop = new AbortController();
    const originMs = Date.now();
    const all = [...schedules];
    const rates = all.filter(({ spec }) => spec.ScheduleExpression?.startsWith("rate("));
    const apartMs = Math.min(this.#options.pace.ms(60), LONGEST_SPREAD_MS) / rates.length;
    const originOf = new Map(rates.map((schedule, place) => [schedule, place * apartMs]));
    for (const schedule of all) this.add(schedule, originMs + (originOf.get(schedule) ?? 0));
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    for (const schedule of [...this.#timers.keys()]) this.remove(schedule);
  }

  /** A rate's first slot is the origin itself, as when a schedule is created on AWS. */
  add(schedule: Schedule, originMs = Date.now()): void {
    if (!this.#stop || schedule.spec.State === "DISABLED") return;
    const calendar = new Calendar(this.#options.pace, originMs);
    const next = timetable(schedule.spec, originMs);
    this.#arm(schedule, calendar, next, next(originMs - 1), this.#stop.signal);
  }

  remove(schedule: Schedule): void {
    clearTimeout(this.#timers.get(schedule));
    this.#timers.delete(schedule);
  }

  #arm(
    schedule: Schedule,
    calendar: Calendar,
    next: ReturnType<typeof timetable>,
    slot: number | undefined,
    signal: AbortSignal,
  ): void {
    if (slot === undefined) return;
    const dueMs = calendar.real(slot);
    const waitMs = dueMs - Date.now();
    const due = () => {
      if (waitMs > LONGEST_TIMER_MS) return this.#arm(schedule, calendar, next, slot, signal);
      this.#arm(schedule, calendar, next, next(slot), signal);
      void fire(schedule, dueMs, this.#options, signal);
    };
    // A timer may ring up to a millisecond early; nothing fires before its slot.
    const timer = setTimeout(due, Math.min(Math.max(0, Math.ceil(waitMs)), LONGEST_TIMER_MS));
    this.#timers.set(schedule, timer);
  }
}
