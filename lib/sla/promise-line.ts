/** Where fleet.yaml says it: below the fleet, the instance or the instance's plan. */
export interface Where {
  readonly of: "fleet" | "instance" | "plan";
  readonly path: readonly (string | number)[];
}

/** One promise of one instance, held against the configuration. */
export interface PromiseLine {
  readonly instance: string;
  readonly plan: string;
  readonly promise: string;
  /**
   * `conditional`: kept if what `restsOn` says comes true, which no configuration sees to. `not-yet-covered`: this version lacks the machinery,
   * or the fleet does not say where: neither kept nor failing.
   */
  readonly status: "kept" | "conditional" | "broken" | "not-yet-covered";
  readonly promised: string;
  /** What this configuration achieves at worst; absent where nothing is known. */
  readonly achievable?: string;
  /** Promised − achievable. */
  readonly margin?: string;
  /** `application`: with its database. */
  readonly covers: "database" | "application";
  /** What keeps it, where nothing else would; of a conditional one, on what it depends. */
  readonly restsOn?: string;
  /** Which number to change, and how. */
  readonly change?: string;
  readonly where?: Where;
  /** The same figures for programs. */
  readonly seconds?: Seconds;
}

interface Seconds {
  readonly promised: number;
  readonly achievable: number;
  readonly margin: number;
}
