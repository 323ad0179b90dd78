import type { Clock } from "../../functions/kernel/clock.ts";
import type { ArchivePage } from "./archive-page.ts";
import type { Fetched, Wanted } from "./fetch-one.ts";

/** How far it is; sizes in bytes. */
export interface FetchProgress {
  readonly done: number;
  readonly of: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** What came of it. */
export interface FetchReport {
  readonly instance: string;
  readonly backup: string;
  readonly takenAt: string;
  /** Name of the dump, absent where it is missing. */
  readonly dump?: string;
  /** That are there now. */
  readonly files: number;
  /** Of these and the dump. */
  readonly bytes: number;
  /** What this run brought, the dump included. */
  readonly fetched: number;
  /** Of which S3 had no sum to compare: they were put there in parts. */
  readonly bySizeAlone: number;
  /** The first hundred of them. */
  readonly missing: readonly { readonly path: string; readonly why: string }[];
  readonly missingCount: number;
}

/** One thing, by its path below the directory. */
export interface Item extends Wanted {
  readonly name: string;
}

const SHOWN = 100;
/** Real time: nothing is waited for. */
const TELL_MS = 5000;

/** Counts what arrives, and tells it now and then. */
export class Tally {
  #done = 0;
  #bytes = 0;
  #fetched = 0;
  #bySizeAlone = 0;
  #toldMs: number;
  readonly #missing: { path: string; why: string }[] = [];
  readonly #items: readonly Item[];
  readonly #clock: Pick<Clock, "now">;
  readonly #tell: (progress: FetchProgress) => void;

  constructor(
    items: readonly Item[],
    clock: Pick<Clock, "now">,
    tell: (progress: FetchProgress) => void,
  ) {
    this.#items = items;
    this.#clock = clock;
    this.#tell = tell;
    this.#toldMs = clock.now().getTime();
  }

  /** `before`: by an earlier run. */
  arrived({ bytes }: Item, proof: Fetched["proof"] | "before"): void {
    this.#done += 1;
    this.#bytes += bytes;
    if (proof !== "before") this.#fetched += 1;
    if (proof === "size") this.#bySizeAlone += 1;
    const nowMs = this.#clock.now().getTime();
    if (nowMs - this.#toldMs < TELL_MS) return;
    this.#toldMs = nowMs;
    const ofBytes = this.#items.reduce((sum, item) => sum + item.bytes, 0);
    this.#tell({ done: this.#done, of: this.#items.length, bytes: this.#bytes, ofBytes });
  }

  lacks(path: string, why: string): void {
    this.#missing.push({ path, why });
  }

  report({ instance, backup, takenAt, dump }: ArchivePage): FetchReport {
    const isDumpThere = !this.#missing.some(({ path }) => path === dump.path);
    return {
      ...{ instance, backup, takenAt, ...(isDumpThere && { dump: dump.path }) },
      ...{ files: this.#done - (isDumpThere ? 1 : 0), bytes: this.#bytes },
      ...{ fetched: this.#fetched, bySizeAlone: this.#bySizeAlone },
      ...{ missing: this.#missing.slice(0, SHOWN), missingCount: this.#missing.length },
    };
  }
}
