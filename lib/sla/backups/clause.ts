import type { Rotation } from "../plan.ts";

/** What a rotation promises, and where its civil days lie. */
export interface Sentence extends Rotation {
  /** IANA name. */
  readonly timezone: string;
}

export interface Violation {
  /** Of a rotation, or the name of a schedule. */
  readonly clause: string;
  /** In ms; `toMs` excluded. */
  readonly fromMs: number;
  readonly toMs: number;
  /** A backup that would have kept it had been taken, and was deleted. */
  readonly avoidable: boolean;
  readonly detail: string;
}

export interface Clause {
  readonly name: string;
  readonly ok: boolean;
  /**
   * The least there was: backups in a period or in all, or days of age; of `newest` the minutes of age that were most; of a schedule
   * 1, or 0 if one was missing. Null: never judged.
   */
  readonly worst: number | null;
  /** What that is better than it has to be, in the same unit; null where there is nothing between kept and broken. */
  readonly margin: number | null;
  /** When, in ms. */
  readonly atMs: number | null;
}

export type ClauseName = "days" | "weeks" | "months" | "count" | "age";

export interface Observed {
  /** Of the instance: nothing before it is judged. */
  readonly beganMs: number;
  readonly untilMs: number;
}

/** How long after it was due a backup may become available. */
export const GRACE_MS = 3_600_000;

/** What a part of a clause came to: its worst moment, and where it was broken. */
export interface Finding {
  readonly clause: ClauseName;
  readonly worst: number;
  /** What it has more than it needs. */
  readonly margin: number;
  readonly atMs: number;
  readonly violations: readonly Violation[];
}
