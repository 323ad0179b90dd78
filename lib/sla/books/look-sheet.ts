import type { Verdict, Vote } from "../verdict.ts";
import type { Minute } from "./minute-sheet.ts";
import type { Span } from "./month.ts";

const MINUTE_MS = 60_000;
const MARKS = { up: 1, down: 2 } as const;

/**
 * What a recorded look counts as. Its votes are counted again: good only if record and votes both say so, bad if
 * either does, so that neither a careless hand nor a vantage that is no majority turns bad minutes into good ones.
 */
export function recounted(recorded: Verdict, votes: Readonly<Record<string, Vote["says"]>>) {
  const counted = majorityOf(Object.values(votes));
  if (recorded === "down" || counted === "down") return "down";
  return recorded === "up" && counted === "up" ? "up" : "unknown";
}

/** The rule of `verdictOf`, for votes of which each vantage has one: millions of them are counted. */
function majorityOf(votes: readonly Vote["says"][]): Verdict {
  const majority = Math.floor(votes.length / 2) + 1;
  const cast = { good: 0, bad: 0, abstains: 0 };
  for (const says of votes) cast[says] += 1;
  if (cast.bad >= majority) return "down";
  return cast.good >= majority ? "up" : "unknown";
}

/**
 * The looks at one instance, in any order, as often as they like. A look speaks for the minute it lies in, and for as
 * many as pass until the next one is due; a byte a minute, however many looks.
 */
export class LookSheet {
  readonly #first: number;
  readonly #marks: Uint8Array;
  readonly #minutesOfLook: number;

  constructor({ fromMs, toMs }: Span, everySeconds: number) {
    this.#first = Math.floor(fromMs / MINUTE_MS);
    this.#marks = new Uint8Array(Math.ceil(toMs / MINUTE_MS) - this.#first);
    this.#minutesOfLook = Math.max(1, Math.ceil(everySeconds / 60));
  }

  add(slotMs: number, verdict: Verdict): void {
    if (verdict === "unknown") return;
    const from = Math.floor(slotMs / MINUTE_MS) - this.#first;
    const to = Math.min(this.#marks.length, from + this.#minutesOfLook);
    for (let minute = Math.max(0, from); minute < to; minute += 1) {
      this.#marks[minute] = (this.#marks[minute] ?? 0) | MARKS[verdict];
    }
  }

  /** One for each minute, in order. */
  *minutes(): Generator<Minute["seen"]> {
    for (const mark of this.#marks) {
      if (mark === 0) yield "unobserved";
      else yield (mark & MARKS.down) === 0 ? "up" : "down";
    }
  }
}
