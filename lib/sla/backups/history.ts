/** One backup from its beginning to its end; instants in ms. */
export interface Life {
  readonly id: string;
  /** Of its data: what it counts by. */
  readonly takenMs: number;
  /** From when on it can be restored. */
  readonly availableMs: number;
  /** Absent: it is still there. */
  readonly removedMs?: number;
  /** Names of the schedules that it was taken for. */
  readonly schedules: readonly string[];
}

/** What the planner said of it, last. */
export interface ReasonedLife extends Life {
  readonly keptBecause: readonly string[];
  readonly removedBecause?: string;
}
